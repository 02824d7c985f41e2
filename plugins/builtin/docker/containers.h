#pragma once
// Containers in the engine: how they are, what they wrote, and how they go away.

#include "engine.h"

#include <cairn/call.h>

#include <map>
#include <optional>

namespace cairn::plugins::docker {

struct ContainerState {
  std::string id;
  std::string name;
  std::string status;  // the engine's word: created, running, restarting, exited, …
  bool running = false;
  bool restarting = false;
  int exitCode = 0;
  bool outOfMemory = false;
  std::string health;  // starting, healthy, unhealthy; empty without a HEALTHCHECK
  int restarts = 0;
  bool hasTerminal = false;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> addresses;  // network's name to IP address
  std::map<std::string, std::pair<std::string, std::uint16_t>>
      published;  // "80/tcp" to address on the engine's machine

  // "web v3", as people know a deployment; the name of any other container.
  std::string shownName() const;
};

// None where there is no such container.
Result<std::optional<ContainerState>> findContainer(const Engine& engine, const std::string& nameOrId);

// Makes one; the network in `spec` may have been removed by another app's destroy between two calls: see
// createNetwork().
Result<std::string> createContainer(const Engine& engine, const std::string& name, const Json& spec);

// Errors: Failed "docker/port-in-use", "docker/start-failed".
Result<void> startContainer(const Engine& engine, const std::string& id);

// From now on the engine starts it again as `policy` says: no, on-failure, always, unless-stopped.
Result<void> setRestartPolicy(const Engine& engine, const std::string& id, const std::string& policy);

// SIGTERM, after `graceSeconds` SIGKILL. One that is gone or does not run is fine.
Result<void> stopContainer(const Engine& engine, const std::string& nameOrId, unsigned graceSeconds);

Result<void> renameContainer(const Engine& engine, const std::string& nameOrId, const std::string& name);

// Stops it (SIGTERM, after `graceSeconds` SIGKILL) and removes it with its anonymous volumes. One that is
// gone is fine.
Result<void> removeContainer(const Engine& engine, const std::string& nameOrId, unsigned graceSeconds);

// Its log, line by line, until its end or (`follow`) until it ends or the call is cancelled.
Result<void> readLog(const Engine& engine, const ContainerState& container, const LogRequest& request,
                     const std::function<void(const LogEntry&)>& take);

// "http://127.0.0.1:40123" of a published port; empty where it isn't published.
std::string publishedUrl(const Engine& engine, const ContainerState& container, std::uint16_t port);

}  // namespace cairn::plugins::docker
