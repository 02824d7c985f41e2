#include "proxy_image.h"

#include "image_build.h"
#include "images.h"

#include <sodium.h>

#include <array>
#include <fstream>

namespace cairn::plugins::docker {
namespace {

constexpr const char* kProgram = "cairn-proxy";

// WORKDIR makes the folders of the control socket and of what survives a restart.
constexpr const char* kDockerfile =
    "FROM scratch\n"
    "WORKDIR /run/cairn\n"
    "WORKDIR /state\n"
    "COPY cairn-proxy /cairn-proxy\n"
    "LABEL cairn.role=proxy\n"
    "ENTRYPOINT [\"/cairn-proxy\"]\n";

Result<std::string> shortDigest(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return Error{.kind = ErrorKind::Internal,
                 .code = "docker/proxy-missing",
                 .message = "the plugin's own program " + file.string() + " is missing",
                 .hint = "install Cairn again"};
  }
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(kDockerfile),
                            std::char_traits<char>::length(kDockerfile));
  std::array<char, 64 * 1024> piece;
  while (in.read(piece.data(), piece.size()), in.gcount() > 0) {
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(piece.data()),
                              static_cast<std::size_t>(in.gcount()));
  }
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_final(&state, digest);
  char text[13];
  sodium_bin2hex(text, sizeof text, digest, 6);
  return std::string(text);
}

}  // namespace

Result<std::string> proxyVersion(const Call& call) {
  return shortDigest(call.bundleDir() / kProgram);
}

Result<std::string> ensureProxyImage(const Call& call, const Engine& engine, const std::string& version) {
  const std::filesystem::path program = call.bundleDir() / kProgram;
  const std::string name = "cairn-proxy:" + version;
  if (auto found = CAIRN_TRY(findImage(engine, name))) return found->id;
  const std::filesystem::path dockerfile = call.workDir() / "Dockerfile";
  std::ofstream(dockerfile) << kDockerfile;
  const BuildContext context({{dockerfile, "Dockerfile"}, {program, kProgram}});
  return buildImage(call, engine, context, {.tag = name, .quiet = true});
}

}  // namespace cairn::plugins::docker
