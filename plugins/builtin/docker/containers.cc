#include "containers.h"

#include "json_fields.h"
#include "log_reader.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>

namespace cairn::plugins::docker {
namespace {

void readNetworks(const Json& settings, ContainerState& out) {
  for (const auto& [name, endpoint] : objectAt(settings, "Networks").items()) {
    out.addresses[name] = textAt(endpoint, "IPAddress");
  }
  for (const auto& [port, bindings] : objectAt(settings, "Ports").items()) {
    if (!bindings.is_array() || bindings.empty()) continue;
    const std::string hostPort = textAt(bindings[0], "HostPort");
    out.published[port] = {textAt(bindings[0], "HostIp"),
                           static_cast<std::uint16_t>(std::atoi(hostPort.c_str()))};
  }
}

ContainerState readState(const Json& json) {
  const Json& state = objectAt(json, "State");
  const Json& config = objectAt(json, "Config");
  ContainerState out{.id = textAt(json, "Id"),
                     .name = textAt(json, "Name"),
                     .status = textAt(state, "Status"),
                     .running = flagAt(state, "Running"),
                     .restarting = flagAt(state, "Restarting"),
                     .exitCode = static_cast<int>(numberAt(state, "ExitCode")),
                     .outOfMemory = flagAt(state, "OOMKilled"),
                     .health = textAt(objectAt(state, "Health"), "Status"),
                     .restarts = static_cast<int>(numberAt(json, "RestartCount")),
                     .hasTerminal = flagAt(config, "Tty")};
  if (!out.name.empty() && out.name[0] == '/') out.name.erase(0, 1);
  const Json& labels = objectAt(config, "Labels");
  for (const auto& label : labels.items()) out.labels[label.key()] = textAt(labels, label.key().c_str());
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
  return textAt(made, "Id");
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

Result<void> stopContainer(const Engine& engine, const std::string& nameOrId, unsigned graceSeconds) {
  auto stopped = engine.post(
      Target("/containers/" + percentEncoded(nameOrId) + "/stop").with("t", std::to_string(graceSeconds)));
  if (!stopped && stopped.error().kind != ErrorKind::NotFound) return std::move(stopped).error();
  return {};
}

Result<void> renameContainer(const Engine& engine, const std::string& nameOrId, const std::string& name) {
  CAIRN_TRY(engine.post(Target("/containers/" + percentEncoded(nameOrId) + "/rename").with("name", name)));
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
  LogReader log(
      container.hasTerminal, [&](Stream stream, std::chrono::milliseconds time, std::string_view line) {
        take({.time = time, .stream = stream, .instance = container.shownName(), .text = std::string(line)});
      });
  auto done = engine.stream({.target = target.text()}, [&](std::string_view bytes) { log.feed(bytes); });
  log.finish();
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
