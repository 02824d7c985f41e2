#include "containers.h"

#include "log_frames.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>

namespace cairn::plugins::docker {
namespace {

const Json& objectAt(const Json& object, const char* key) {
  static const Json kEmpty = Json::object();
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : kEmpty;
}

void readNetworks(const Json& settings, ContainerState& out) {
  for (const auto& [name, endpoint] : objectAt(settings, "Networks").items()) {
    out.addresses[name] = endpoint.value("IPAddress", "");
  }
  for (const auto& [port, bindings] : objectAt(settings, "Ports").items()) {
    if (!bindings.is_array() || bindings.empty()) continue;
    const std::string hostPort = bindings[0].value("HostPort", "");
    out.published[port] = {bindings[0].value("HostIp", ""),
                           static_cast<std::uint16_t>(std::atoi(hostPort.c_str()))};
  }
}

ContainerState readState(const Json& json) {
  const Json& state = objectAt(json, "State");
  const Json& config = objectAt(json, "Config");
  ContainerState out{.id = json.value("Id", ""),
                     .name = json.value("Name", ""),
                     .status = state.value("Status", ""),
                     .running = state.value("Running", false),
                     .restarting = state.value("Restarting", false),
                     .exitCode = state.value("ExitCode", 0),
                     .outOfMemory = state.value("OOMKilled", false),
                     .health = objectAt(state, "Health").value("Status", ""),
                     .restarts = json.value("RestartCount", 0),
                     .hasTerminal = config.value("Tty", false)};
  if (!out.name.empty() && out.name[0] == '/') out.name.erase(0, 1);
  for (const auto& [name, value] : objectAt(config, "Labels").items())
    out.labels[name] = value.get<std::string>();
  readNetworks(objectAt(json, "NetworkSettings"), out);
  return out;
}

Error startError(const Error& cause) {
  Error out = cause;
  const bool portTaken = cause.message.find("port is already allocated") != std::string::npos ||
                         cause.message.find("address already in use") != std::string::npos;
  out.kind = ErrorKind::Failed;
  out.code = portTaken ? "docker/port-in-use" : "docker/start-failed";
  out.hint =
      portTaken ? "choose another port, or 0 for any free one" : "look at command, entrypoint and volumes";
  return out;
}

}  // namespace

std::string ContainerState::shownName() const {
  const auto app = labels.find("cairn.app"), sequence = labels.find("cairn.sequence");
  return app == labels.end() || sequence == labels.end() ? name : app->second + " v" + sequence->second;
}

Result<std::optional<ContainerState>> findContainer(const Engine& engine, const std::string& nameOrId) {
  auto found = engine.get(Target("/containers/" + percentEncoded(nameOrId) + "/json"));
  if (!found && found.error().kind == ErrorKind::NotFound) return std::optional<ContainerState>();
  return std::optional(readState(CAIRN_TRY(std::move(found))));
}

Result<std::string> createContainer(const Engine& engine, const std::string& name, const Json& spec) {
  // An engine that nobody listens to goes on making it, and it would be left: the answer is waited for.
  const Json made =
      CAIRN_TRY(engine.uncancelled().post(Target("/containers/create").with("name", name), spec));
  return made.value("Id", "");
}

Result<void> startContainer(const Engine& engine, const std::string& id) {
  auto started = engine.post(Target("/containers/" + id + "/start"));
  if (started) return {};
  const Error& cause = started.error();
  if (cause.code == "docker/engine-error" || cause.code == "docker/not-found") return startError(cause);
  return cause;
}

Result<void> setRestartPolicy(const Engine& engine, const std::string& id, const std::string& policy) {
  if (policy == "no") return {};  // as it was made
  CAIRN_TRY(
      engine.post(Target("/containers/" + id + "/update"), Json{{"RestartPolicy", {{"Name", policy}}}}));
  return {};
}

Result<void> removeContainer(const Engine& engine, const std::string& nameOrId, unsigned graceSeconds) {
  const std::string path = "/containers/" + percentEncoded(nameOrId);
  auto stopped = engine.post(Target(path + "/stop").with("t", std::to_string(graceSeconds)));
  if (!stopped && stopped.error().kind == ErrorKind::NotFound) return {};
  auto removed = engine.remove(Target(path).with("force", "1").with("v", "1"));
  if (!removed && removed.error().kind == ErrorKind::NotFound) return {};
  // Somebody else removes it at this moment: the end is the same.
  if (!removed && removed.error().message.find("already in progress") != std::string::npos) return {};
  return removed;
}

Result<void> readLog(const Engine& engine, const ContainerState& container, const LogRequest& request,
                     const std::function<void(const LogEntry&)>& take) {
  Target target = Target("/containers/" + container.id + "/logs")
                      .with("stdout", "1")
                      .with("stderr", "1")
                      .with("timestamps", "1");
  target.with("tail", request.tail == 0 ? "all" : std::to_string(request.tail));
  if (request.follow) target.with("follow", "1");
  if (request.since.count() > 0) {
    char since[32];
    std::snprintf(since, sizeof since, "%lld.%03lld", static_cast<long long>(request.since.count() / 1000),
                  static_cast<long long>(request.since.count() % 1000));
    target.with("since", since);
  }
  LineSplitter lines([&](Stream stream, std::string_view line) {
    const auto time = takeTimestamp(line);
    take({.time = time, .stream = stream, .instance = container.shownName(), .text = std::string(line)});
  });
  FrameReader frames(container.hasTerminal,
                     [&](Stream stream, std::string_view bytes) { lines.feed(stream, bytes); });
  auto done = engine.stream({.target = target.text()}, [&](std::string_view bytes) { frames.feed(bytes); });
  lines.finish();
  return done;
}

std::string publishedUrl(const Engine& engine, const ContainerState& container, std::uint16_t port) {
  const auto found = container.published.find(std::to_string(port) + "/tcp");
  if (found == container.published.end() || found->second.second == 0) return "";
  std::string ip = found->second.first;
  if (ip.empty() || ip == "0.0.0.0" || ip == "::") ip = engine.address().machine();
  if (ip.rfind("127.", 0) == 0) ip = engine.address().machine();
  if (ip.find(':') != ip.npos) ip = "[" + ip + "]";
  return "http://" + ip + ":" + std::to_string(found->second.second);
}

}  // namespace cairn::plugins::docker
