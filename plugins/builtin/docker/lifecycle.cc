#include "components.h"
#include "connection.h"
#include "containers.h"
#include "networks.h"

namespace cairn::plugins::docker {
namespace {

// Which engine a deployment is in: as its value says, else as the journal of a deploy that was cut short
// says.
Result<Engine> engineOf(const Call& call, wire::Deployment::Reader deployment,
                        wire::PlatformSettings::Reader settings, const std::vector<Resource>& resources) {
  if (deployment.getEngine().size() > 0) return connectEngine(call, {}, deployment.getEngine());
  for (const Resource& resource : resources) {
    if (!resource.state.empty()) return connectEngine(call, {}, resource.state.c_str());
  }
  return connectEngine(call, settings.getHost());
}

std::string exitText(const ContainerState& state) {
  std::string out = "ended with code " + std::to_string(state.exitCode);
  return state.outOfMemory ? out + ": it was out of memory" : out;
}

std::pair<cairn::wire::Status::Health, std::string> healthOf(const ContainerState& state) {
  using Health = cairn::wire::Status::Health;
  if (state.restarting) return {Health::DOWN, "restarts again and again; it last " + exitText(state)};
  if (!state.running)
    return {Health::DOWN, state.status == "created" ? "was never started" : exitText(state)};
  if (state.health == "starting") return {Health::STARTING, "its HEALTHCHECK has not passed yet"};
  if (state.health == "unhealthy") return {Health::PARTIAL, "its HEALTHCHECK fails"};
  return {Health::READY,
          state.restarts == 0 ? "runs" : "runs, restarted " + std::to_string(state.restarts) + " times"};
}

}  // namespace

Result<void> destroyDeployment(const Call& call, wire::Deployment::Reader deployment,
                               wire::PlatformSettings::Reader settings) {
  const std::vector<Resource> resources = CAIRN_TRY(call.resources());
  if (resources.empty() && deployment.getContainerId().size() == 0) return {};
  const Engine engine = CAIRN_TRY(engineOf(call, deployment, settings, resources));
  const unsigned grace = settings.getStopTimeoutSeconds();
  if (deployment.getContainerId().size() > 0) {
    Step step = call.step("Removing " + shownName(deployment));
    if (auto removed = removeContainer(engine, toString(deployment.getContainerId()), grace); !removed) {
      step.fail();
      return removed;
    }
  }
  // By name too: an id was never written down when the deploy died between the engine's act and its answer.
  for (const Resource& resource : resources) {
    if (resource.kind != "container") continue;
    CAIRN_TRY(removeContainer(engine, resource.id.empty() ? resource.name : resource.id, grace));
    CAIRN_TRY(call.removed(resource));
  }
  if (deployment.getNetwork().size() > 0)
    CAIRN_TRY(removeNetworkIfUnused(engine, toString(deployment.getNetwork())));
  for (const Resource& resource : resources) {
    if (resource.kind != "network") continue;
    CAIRN_TRY(removeNetworkIfUnused(engine, resource.name));
    CAIRN_TRY(call.removed(resource));
  }
  return {};
}

Result<Owned<cairn::wire::Status>> deploymentStatus(const Call& call, wire::Deployment::Reader deployment,
                                                    wire::PlatformSettings::Reader settings) {
  Owned<cairn::wire::Status> out;
  const std::vector<Resource> resources = CAIRN_TRY(call.resources());
  std::string id = toString(deployment.getContainerId());
  for (const Resource& resource : resources) {
    if (id.empty() && resource.kind == "container") id = resource.id.empty() ? resource.name : resource.id;
  }
  const Engine engine = CAIRN_TRY(engineOf(call, deployment, settings, resources));
  const auto state = id.empty() ? std::optional<ContainerState>() : CAIRN_TRY(findContainer(engine, id));
  if (!state) {
    out->setHealth(cairn::wire::Status::Health::GONE);
    out->setMessage("its container is gone");
    return out;
  }
  const auto [health, message] = healthOf(*state);
  out->setHealth(health);
  out->setMessage(message);
  if (state->running) out->setUrl(publishedUrl(engine, *state, deployment.getPort()));
  auto container = out->initResources(1)[0];
  container.setKind("container");
  container.setName(state->name);
  container.setState(state->status);
  container.setHealthy(health == cairn::wire::Status::Health::READY);
  return out;
}

}  // namespace cairn::plugins::docker
