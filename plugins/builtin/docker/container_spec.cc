#include "container_spec.h"

#include "connection.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace cairn::plugins::docker {
namespace {

constexpr std::uint16_t kDefaultPort = 8080;

Error badSetting(std::string setting, std::string message, std::string hint) {
  return Error{.kind = ErrorKind::Config,
               .code = "docker/bad-setting",
               .message = std::move(message),
               .hint = std::move(hint),
               .settingPath = std::move(setting)};
}

bool isNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

std::string cleanName(std::string_view text, std::size_t limit) {
  std::string out(text.substr(0, limit));
  for (char& c : out) {
    if (!isNameChar(c)) c = '-';
  }
  if (out.empty() || out[0] == '-' || out[0] == '.' || out[0] == '_') out.insert(0, 1, 'a');
  return out;
}

Json textList(capnp::List<capnp::Text>::Reader list) {
  Json out = Json::array();
  for (auto text : list) out.push_back(toString(text));
  return out;
}

// Later entries win: the host's own env, then the settings', then PORT unless somebody set it.
Json environmentOf(const ContainerRequest& request) {
  std::map<std::string, std::string> values{{"PORT", std::to_string(request.port)}};
  for (auto entry : request.config.getEnv()) values[toString(entry.getName())] = toString(entry.getValue());
  for (auto entry : request.settings.getEnv()) values[toString(entry.getName())] = toString(entry.getValue());
  Json out = Json::array();
  for (const auto& [name, value] : values) out.push_back(name + "=" + value);
  return out;
}

Json labelsOf(const ContainerRequest& request) {
  Json out = Json::object();
  for (auto entry : request.labels.getEntries()) out[toString(entry.getName())] = toString(entry.getValue());
  out["cairn.role"] = "deployment";
  out["cairn.project"] = toString(request.config.getProject());
  out["cairn.app"] = toString(request.config.getApp());
  out["cairn.workspace"] = toString(request.config.getWorkspace());
  out["cairn.deployment"] = toString(request.config.getDeploymentId());
  out["cairn.sequence"] = std::to_string(request.config.getSequence());
  return out;
}

}  // namespace

Result<std::optional<PublishAddress>> parsePublish(std::string_view text) {
  if (text == "none") return std::optional<PublishAddress>();
  const auto colon = text.rfind(':');
  const std::string_view portText = colon == text.npos ? text : text.substr(colon + 1);
  std::string_view ip = colon == text.npos ? std::string_view("127.0.0.1") : text.substr(0, colon);
  if (ip.size() > 2 && ip.front() == '[' && ip.back() == ']') ip = ip.substr(1, ip.size() - 2);
  PublishAddress out{.ip = ip.empty() ? "0.0.0.0" : std::string(ip)};
  const auto parsed = std::from_chars(portText.data(), portText.data() + portText.size(), out.port);
  const bool isAddress = out.ip.find_first_not_of("0123456789abcdefABCDEF.:") == out.ip.npos;
  if (parsed.ec != std::errc() || parsed.ptr != portText.data() + portText.size() || !isAddress) {
    return badSetting("publish", "\"" + std::string(text) + "\" is no address to publish on",
                      "write an IP address and a port, e.g. \"127.0.0.1:0\" for any free port, or \"none\"");
  }
  return std::optional(out);
}

Result<void> checkVolume(std::string_view text) {
  const auto colon = text.find(':');
  std::string_view target = colon == text.npos ? std::string_view() : text.substr(colon + 1);
  if (const auto mode = target.find(':'); mode != target.npos) {
    const std::string_view word = target.substr(mode + 1);
    target = word == "ro" || word == "rw" ? target.substr(0, mode) : std::string_view();
  }
  const std::string_view source = text.substr(0, colon);
  const bool isPath = !source.empty() && source.front() == '/';
  const bool isName = source.size() > 1 && std::all_of(source.begin(), source.end(), isNameChar);
  if ((isPath || isName) && !target.empty() && target.front() == '/') return {};
  return badSetting("volumes", "\"" + std::string(text) + "\" is no volume",
                    "write name:/path or /host/path:/path, with :ro behind it if it is not to be written");
}

std::string containerName(cairn::wire::DeploymentConfig::Reader config) {
  const std::string end = "-v" + std::to_string(config.getSequence()) + "-" + toString(config.getShortId());
  return cleanName(toString(config.getApp()), 63 - std::min<std::size_t>(end.size() + 1, 40)) + end;
}

std::string networkName(std::string_view project, std::string_view workspace) {
  std::string out = "cairn-" + cleanName(project, 60);
  if (!workspace.empty() && workspace != "default") out += "." + cleanName(workspace, 40);
  return out;
}

std::uint16_t servicePort(std::uint16_t setting, const LocalImage& image) {
  if (setting != 0) return setting;
  std::uint16_t found = 0;
  int count = 0;
  for (const std::string& port : image.exposedPorts) {
    if (port.size() < 5 || port.substr(port.size() - 4) != "/tcp") continue;
    std::from_chars(port.data(), port.data() + port.size(), found);
    ++count;
  }
  return count == 1 ? found : kDefaultPort;
}

const char* restartPolicy(wire::PlatformSettings::Restart restart) {
  switch (restart) {
    case wire::PlatformSettings::Restart::ALWAYS:
      return "always";
    case wire::PlatformSettings::Restart::ON_FAILURE:
      return "on-failure";
    case wire::PlatformSettings::Restart::NO:
      return "no";
    default:
      return "unless-stopped";
  }
}

nlohmann::json containerSpec(const ContainerRequest& request) {
  const auto settings = request.settings;
  const std::string port = std::to_string(request.port) + "/tcp";
  Json host = {{"NetworkMode", request.network},
               {"Binds", textList(settings.getVolumes())},
               {"Memory", settings.getMemoryBytes()},
               {"NanoCpus", static_cast<std::int64_t>(std::llround(settings.getCpus() * 1e9))}};
  if (request.publish) {
    const std::string hostPort = request.publish->port == 0 ? "" : std::to_string(request.publish->port);
    host["PortBindings"][port] = {{{"HostIp", request.publish->ip}, {"HostPort", hostPort}}};
  }
  const std::string alias =
      cleanName(toString(request.config.getApp()), 40) + "-v" + std::to_string(request.config.getSequence());
  Json out = {{"Image", request.imageId},
              {"Env", environmentOf(request)},
              {"Labels", labelsOf(request)},
              {"ExposedPorts", {{port, Json::object()}}},
              {"StopTimeout", settings.getStopTimeoutSeconds()},
              {"HostConfig", host},
              {"NetworkingConfig", {{"EndpointsConfig", {{request.network, {{"Aliases", {alias}}}}}}}}};
  if (settings.getCommand().size() > 0) out["Cmd"] = textList(settings.getCommand());
  if (settings.getEntrypoint().size() > 0) out["Entrypoint"] = textList(settings.getEntrypoint());
  return out;
}

}  // namespace cairn::plugins::docker
