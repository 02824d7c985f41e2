#pragma once
// The network of a project: made when it is missing, removed when nothing is left on it.

#include "engine.h"

#include <string>

namespace cairn::plugins::docker {

// Makes it with Cairn's label unless it exists. Two runs that do this at once both do well.
Result<void> ensureNetwork(const Engine& engine, const std::string& name, const std::string& project);

// Removes a network that Cairn made and that no container, running or stopped, refers to. Anything else is
// left alone.
Result<void> removeNetworkIfUnused(const Engine& engine, const std::string& name);

// Errors: NotFound "docker/network-not-found".
Result<void> requireNetwork(const Engine& engine, const std::string& name);

// Joins a container, running or not, to one more network.
Result<void> connectNetwork(const Engine& engine, const std::string& name, const std::string& containerId);

}  // namespace cairn::plugins::docker
