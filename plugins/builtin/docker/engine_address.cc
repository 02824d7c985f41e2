#include "engine_address.h"

#include "json_fields.h"
#include "registry_auth.h"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <optional>

namespace cairn::plugins::docker {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kDefaultSocket = "/var/run/docker.sock";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

Error badHost(std::string_view text, const std::string& source, std::string why) {
  return Error{
      .kind = ErrorKind::Config,
      .code = "docker/bad-host",
      .message = "can't use the engine address \"" + std::string(text) + "\" (" + source + "): " + why,
      .hint =
          "write unix:///path/to/docker.sock or tcp://host:port; for a remote engine forward its socket, "
          "e.g. ssh -L /tmp/docker.sock:/var/run/docker.sock user@host"};
}

Json readJson(const fs::path& file) {
  std::ifstream in(file);
  Json json = in ? Json::parse(in, nullptr, false) : Json();
  return json.is_object() ? json : Json::object();
}

std::string currentContext() {
  if (std::string name = environment("DOCKER_CONTEXT"); !name.empty()) return name;
  return textAt(readJson(dockerConfigFolder() / "config.json"), "currentContext");
}

// A context's folder is named by a digest; its file says the name.
Result<EngineAddress> addressOfContext(const std::string& name) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(dockerConfigFolder() / "contexts" / "meta", ignored)) {
    const Json meta = readJson(entry.path() / "meta.json");
    if (textAt(meta, "Name") != name) continue;
    return parseEngineAddress(textAt(objectAt(objectAt(meta, "Endpoints"), "docker"), "Host"),
                              "docker context \"" + name + "\"");
  }
  return Error{.kind = ErrorKind::Config,
               .code = "docker/bad-host",
               .message = "the docker context \"" + name + "\" does not exist",
               .hint = "choose one with `docker context use`, or set host"};
}

fs::path defaultSocket() {
  std::error_code ignored;
  if (fs::exists(kDefaultSocket, ignored)) return kDefaultSocket;
  if (std::string folder = environment("XDG_RUNTIME_DIR"); !folder.empty()) {
    const fs::path own = fs::path(folder) / "docker.sock";
    if (fs::exists(own, ignored)) return own;
  }
  return kDefaultSocket;
}

Result<EngineAddress> findNamed(std::string_view setting) {
  if (!setting.empty()) return parseEngineAddress(setting, "setting host");
  if (std::string host = environment("DOCKER_HOST"); !host.empty())
    return parseEngineAddress(host, "DOCKER_HOST");
  const std::string context = currentContext();
  if (!context.empty() && context != "default") return addressOfContext(context);
  return parseEngineAddress("unix://" + defaultSocket().string(), "default");
}

}  // namespace

Result<EngineAddress> parseEngineAddress(std::string_view text, std::string source) {
  EngineAddress out{.text = std::string(text), .source = source};
  const auto separator = text.find("://");
  const std::string_view scheme = text.substr(0, separator);
  const std::string_view rest = separator == text.npos ? std::string_view() : text.substr(separator + 3);
  if (scheme == "unix") {
    if (rest.empty() || rest.front() != '/')
      return badHost(text, source, "a unix socket needs an absolute path");
    out.path = rest;
    return out;
  }
  if (scheme != "tcp") return badHost(text, source, "only unix:// and tcp:// are known");
  const auto colon = rest.rfind(':');
  out.host = rest.substr(0, colon);
  out.port = colon == rest.npos ? "2375" : std::string(rest.substr(colon + 1));
  if (out.host.size() > 2 && out.host.front() == '[') out.host = out.host.substr(1, out.host.size() - 2);
  if (out.host.empty() || out.port.empty() || out.port.find_first_not_of("0123456789") != out.port.npos) {
    return badHost(text, source, "a tcp address needs a host and a port");
  }
  return out;
}

Result<EngineAddress> findEngine(std::string_view setting) {
  EngineAddress out = CAIRN_TRY(findNamed(setting));
  if (out.path.empty() && !environment("DOCKER_TLS_VERIFY").empty())
    return badHost(out.text, out.source, "TLS (DOCKER_TLS_VERIFY) is not supported");
  return out;
}

}  // namespace cairn::plugins::docker
