#include "components.h"
#include "connection.h"
#include "containers.h"
#include "images.h"
#include "networks.h"

namespace cairn::plugins::docker {
namespace {

// Which engine a deployment is in: as its value says, else as the journal of a deploy that was cut short
// says. None where that says nothing: a deploy writes it down before it makes anything.
Result<std::optional<Engine>> engineOf(const Call& call, wire::Deployment::Reader deployment,
                                       const std::vector<Resource>& resources) {
  std::string address = toString(deployment.getEngine());
  for (const Resource& resource : resources) {
    if (address.empty()) address = resource.state;
  }
  if (address.empty()) return std::optional<Engine>();
  return std::optional<Engine>(CAIRN_TRY(connectEngine(call, {}, address.c_str())));
}

// Removes what was made in `engine`, and tells the journal.
Result<void> removeMade(const Call& call, const Engine& engine, wire::Deployment::Reader deployment,
                        const std::vector<Resource>& resources, unsigned grace) {
  if (deployment.getContainerId().size() > 0) {
    Step step = call.step("Removing " + shownName(deployment));
    if (auto removed = removeContainer(engine, toString(deployment.getContainerId()), grace); !removed) {
      step.fail();
      return removed;
    }
  }
  // By name too: an id was never written down when the deploy died between the engine's act and its answer.
  for (const Resource& resource : resources) {
    if (resource.kind == "container")
      CAIRN_TRY(removeContainer(engine, resource.id.empty() ? resource.name : resource.id, grace));
  }
  if (deployment.getNetwork().size() > 0)
    CAIRN_TRY(removeNetworkIfUnused(engine, toString(deployment.getNetwork())));
  for (const Resource& resource : resources) {
    if (resource.kind == "network") CAIRN_TRY(removeNetworkIfUnused(engine, resource.name));
  }
  return {};
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

// The deployment is gone by then, so that an image which stays is no failure of the destroy.
void removeOldImage(const Call& call, const Engine& engine, wire::Deployment::Reader deployment) {
  if (deployment.getImageId().size() == 0) return;
  if (auto removed = removeReplacedImage(engine, toString(deployment.getImageId())); !removed)
    call.log(LogLevel::Warn, "its image stays: " + removed.error().message);
}

}  // namespace

Result<void> destroyDeployment(const Call& call, wire::Deployment::Reader deployment,
                               wire::PlatformSettings::Reader settings) {
  const std::vector<Resource> resources = CAIRN_TRY(call.resources());
  if (resources.empty() && deployment.getContainerId().size() == 0) return {};
  if (const auto engine = CAIRN_TRY(engineOf(call, deployment, resources))) {
    CAIRN_TRY(removeMade(call, *engine, deployment, resources, settings.getStopTimeoutSeconds()));
    removeOldImage(call, *engine, deployment);
  }
  for (const Resource& resource : resources) CAIRN_TRY(call.removed(resource));
  return {};
}

Result<Owned<cairn::wire::Status>> deploymentStatus(const Call& call, wire::Deployment::Reader deployment,
                                                    wire::PlatformSettings::Reader) {
  Owned<cairn::wire::Status> out;
  const std::vector<Resource> resources = CAIRN_TRY(call.resources());
  std::string id = toString(deployment.getContainerId());
  for (const Resource& resource : resources) {
    if (id.empty() && resource.kind == "container") id = resource.id.empty() ? resource.name : resource.id;
  }
  const auto engine = CAIRN_TRY(engineOf(call, deployment, resources));
  const auto state =
      engine && !id.empty() ? CAIRN_TRY(findContainer(*engine, id)) : std::optional<ContainerState>();
  if (!state) {
    out->setHealth(cairn::wire::Status::Health::GONE);
    out->setMessage("its container is gone");
    return out;
  }
  const auto [health, message] = healthOf(*state);
  out->setHealth(health);
  out->setMessage(message);
  if (state->running) out->setUrl(publishedUrl(*engine, *state, deployment.getPort()));
  auto container = out->initResources(1)[0];
  container.setKind("container");
  container.setName(state->name);
  container.setState(state->status);
  container.setHealthy(health == cairn::wire::Status::Health::READY);
  return out;
}

}  // namespace cairn::plugins::docker
