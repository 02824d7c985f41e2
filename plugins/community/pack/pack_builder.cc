#include "pack_builder.h"

#include "tar_file.h"

#include <cairn/base/replace_file.h>
#include <cairn/dynamic/digest.h>

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace cairn::plugins::pack {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

#if defined(__aarch64__)
constexpr char kArchitecture[] = "arm64";
#else
constexpr char kArchitecture[] = "amd64";
#endif

std::string text(capnp::Text::Reader from) {
  return {from.begin(), from.size()};
}

std::string digestOfFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  Sha256 digest;
  std::vector<char> buffer(128 * 1024);
  while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0)
    digest.add(buffer.data(), file.gcount());
  return hex(digest.finish());
}

bool isUtf8(const std::string& text) {
  try {
    (void)Json(text).dump();
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

Result<void> checkUtf8(const std::string& value, const std::string& setting) {
  if (isUtf8(value)) return {};
  return Error{.kind = ErrorKind::Config,
               .code = "pack/not-utf8",
               .message = setting + " is not UTF-8, so that an image can't hold it",
               .hint = "write it as UTF-8",
               .settingPath = setting};
}

// An image's configuration and manifest are JSON, which holds no other bytes.
Result<void> checkTexts(Settings::Reader settings) {
  for (auto word : settings.getCommand()) CAIRN_TRY(checkUtf8(text(word), "command"));
  for (auto variable : settings.getEnv())
    CAIRN_TRY(checkUtf8(text(variable.getName()) + text(variable.getValue()), "env"));
  return checkUtf8(text(settings.getName()), "name");
}

// An image's configuration, as the OCI image specification has it.
std::string configuration(Settings::Reader settings, const std::string& layerDigest) {
  Json config = {{"WorkingDir", "/app"}, {"Env", Json::array()}, {"Cmd", Json::array()}};
  for (auto word : settings.getCommand()) config["Cmd"].push_back(text(word));
  for (auto variable : settings.getEnv())
    config["Env"].push_back(text(variable.getName()) + "=" + text(variable.getValue()));
  if (settings.getPort() != 0)
    config["ExposedPorts"] = {{std::to_string(settings.getPort()) + "/tcp", Json::object()}};
  return Json{{"architecture", kArchitecture},
              {"os", "linux"},
              {"created", "1970-01-01T00:00:00Z"},
              {"config", config},
              {"rootfs", {{"type", "layers"}, {"diff_ids", {"sha256:" + layerDigest}}}}}
      .dump();
}

std::string nameOf(Settings::Reader settings, const fs::path& folder) {
  if (settings.hasName()) return text(settings.getName());
  std::string name = "pack/";
  for (char c : folder.filename().string())
    name += std::isalnum(static_cast<unsigned char>(c)) ? std::tolower(c) : '-';
  return name;
}

Result<void> writeImage(const fs::path& path, const std::string& id, const std::string& config,
                        const std::string& reference, const fs::path& layer) {
  auto tar = CAIRN_TRY(TarFile::create(path));
  CAIRN_TRY(tar.addText(id + ".json", config));
  CAIRN_TRY(tar.addFile("layer.tar", layer));
  Json manifest =
      Json::array({{{"Config", id + ".json"}, {"RepoTags", {reference}}, {"Layers", {"layer.tar"}}}});
  CAIRN_TRY(tar.addText("manifest.json", manifest.dump()));
  return tar.close();
}

Result<void> writeLayer(const fs::path& path, const fs::path& folder) {
  auto layer = CAIRN_TRY(TarFile::create(path));
  CAIRN_TRY(layer.addFolder("app", folder));
  return layer.close();
}

Result<Owned<Image>> pack(const Call& call, const fs::path& folder, Settings::Reader settings) {
  auto layer = call.workDir() / "layer.tar";
  CAIRN_TRY(writeLayer(layer, folder));
  auto config = configuration(settings, digestOfFile(layer));
  auto id = hex(sha256(config));
  auto reference = nameOf(settings, folder) + ":" + id.substr(0, 12);

  std::error_code failure;
  auto images = call.cacheDir() / "images";
  fs::create_directories(images, failure);
  auto made = images / (id + ".part-" + call.workDir().filename().string());
  CAIRN_TRY(writeImage(made, id, config, reference, layer));
  auto path = images / (id + ".tar");
  if (!putInPlace(made, path)) {
    return Error{.kind = ErrorKind::Failed,
                 .code = "pack/tar-failed",
                 .message = "can't put the image at " + path.string() + ": " + std::strerror(errno),
                 .hint = "look at what stands there"};
  }

  Owned<Image> image;
  image->setPath(path.string());
  image->setReference(reference);
  image->setId("sha256:" + id);
  image->setSizeBytes(fs::file_size(path, failure));
  return image;
}

}  // namespace

Result<Owned<Image>> build(const Call& call, wire::SourceTree::Reader source, Settings::Reader settings) {
  CAIRN_TRY(checkTexts(settings));
  auto folder =
      fs::path(text(settings.hasDirectory() ? settings.getDirectory() : source.getPath())).lexically_normal();
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) {
    return Error{.kind = ErrorKind::NotFound,
                 .code = "pack/no-folder",
                 .message = folder.string() + " is not a folder",
                 .hint = "make it, or set `directory` to one that exists",
                 .settingPath = "directory"};
  }
  auto step = call.step("Packing " + folder.filename().string());
  auto image = pack(call, folder, settings);
  if (image)
    step.done("Packed " + text(image->reader().getReference()));
  else
    step.fail();
  return image;
}

Plugin plugin() {
  Plugin plugin("pack");
  plugin.version("0.1.0").description("packs a folder of files as an image, without a container engine");
  plugin.builder(build).doc("One layer with the folder's files in /app, and nothing else.");
  return plugin;
}

}  // namespace cairn::plugins::pack
