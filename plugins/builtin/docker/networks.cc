#include "networks.h"

#include "json_fields.h"

#include <nlohmann/json.hpp>

namespace cairn::plugins::docker {
namespace {

constexpr const char* kMark = "cairn.project";

// Found by its exact name: the engine's own filter takes parts of names too. Null where there is none.
Result<Json> findNetwork(const Engine& engine, const std::string& name) {
  const Json filters = {{"name", {name}}};
  const Json found = CAIRN_TRY(engine.get(Target("/networks").with("filters", filters.dump())));
  for (const Json& network : found) {
    if (textAt(network, "Name") == name) return network;
  }
  return Json();
}

}  // namespace

Result<void> ensureNetwork(const Engine& engine, const std::string& name, const std::string& project) {
  if (!CAIRN_TRY(findNetwork(engine, name)).is_null()) return {};
  const Json request = {
      {"Name", name}, {"CheckDuplicate", true}, {"Driver", "bridge"}, {"Labels", {{kMark, project}}}};
  auto made = engine.uncancelled().post(Target("/networks/create"), request);  // as createContainer()
  if (!made && made.error().code == "docker/conflict") return {};
  CAIRN_TRY(std::move(made));
  return {};
}

Result<void> removeNetworkIfUnused(const Engine& engine, const std::string& name) {
  const Json network = CAIRN_TRY(findNetwork(engine, name));
  if (network.is_null() || !network.contains("Labels") || !network["Labels"].is_object() ||
      !network["Labels"].contains(kMark)) {
    return {};
  }
  // A container that has not started yet is no endpoint: the engine would let its network go.
  const Json filters = {{"network", {name}}};
  const Json users =
      CAIRN_TRY(engine.get(Target("/containers/json").with("all", "1").with("filters", filters.dump())));
  if (!users.empty()) return {};
  auto removed = engine.remove(Target("/networks/" + textAt(network, "Id")));
  const bool inUse = !removed && removed.error().message.find("active endpoints") != std::string::npos;
  if (inUse || (!removed && removed.error().kind == ErrorKind::NotFound)) return {};
  return removed;
}

Result<void> requireNetwork(const Engine& engine, const std::string& name) {
  if (!CAIRN_TRY(findNetwork(engine, name)).is_null()) return {};
  return Error{.kind = ErrorKind::NotFound,
               .code = "docker/network-not-found",
               .message = "the engine at " + engine.address().text + " has no network " + name,
               .hint = "make it with `docker network create " + name + "`, or leave it out of networks",
               .settingPath = "networks"};
}

Result<void> connectNetwork(const Engine& engine, const std::string& name, const std::string& containerId) {
  CAIRN_TRY(engine.post(Target("/networks/" + percentEncoded(name) + "/connect"),
                        Json{{"Container", containerId}}));
  return {};
}

}  // namespace cairn::plugins::docker
