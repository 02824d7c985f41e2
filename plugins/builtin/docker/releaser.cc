#include "components.h"
#include "connection.h"
#include "networks.h"
#include "proxy.h"
#include "proxy_succession.h"

#include <algorithm>

namespace cairn::plugins::docker {
namespace {

constexpr unsigned kStopSeconds = 5;

// In a journal's state: the engine, and what the switch is called.
std::string journalState(const Engine& engine, const std::string& servedAs) {
  return engine.address().text + "\n" + servedAs;
}

struct Journaled {
  std::string engine, servedAs;
};
Journaled readJournalState(const std::string& state) {
  const auto end = state.find('\n');
  return end == state.npos ? Journaled{state, ""} : Journaled{state.substr(0, end), state.substr(end + 1)};
}

// Every switch has a name of its own, so that it is known which release serves also after a rollback to an
// older deployment.
std::string newSwitchName(wire::Deployment::Reader deployment) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return toString(deployment.getDeploymentId()) + "@" +
         std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

Result<std::string> backendOf(const Engine& engine, wire::Deployment::Reader deployment) {
  const auto container = CAIRN_TRY(findContainer(engine, toString(deployment.getContainerId())));
  if (container && container->running) {
    const auto address = container->addresses.find(toString(deployment.getNetwork()));
    if (address != container->addresses.end() && !address->second.empty()) {
      return address->second + ":" + std::to_string(deployment.getPort());
    }
  }
  return Error{
      .kind = ErrorKind::Failed,
      .code = "docker/not-running",
      .message = "can't release " + shownName(deployment) + ": its container " +
                 (container ? "does not run on the network " + toString(deployment.getNetwork()) : "is gone"),
      .hint = "deploy again"};
}

// Whether it runs and leads to another release than `servedAs`. One that runs and does not say may do so: it
// is not taken away from its users.
Result<bool> servesAnother(const Engine& engine, const Proxy& proxy, const std::string& servedAs) {
  if (!proxy.container().running) return false;
  auto status = proxy.status(engine);
  if (status) return !status->servedAs.empty() && status->servedAs != servedAs;
  const auto now = CAIRN_TRY(findContainer(engine, proxy.container().id));
  if (!now || !now->running) return false;  // it ended while it was asked
  Error error = status.error();
  error.message =
      proxy.container().name + " does not say which release it serves, so that it stays: " + error.message;
  error.hint = "mend it, or remove it with `docker rm -f " + proxy.container().name + "`, and try again";
  return error;
}

// Removes the proxy unless it serves for another release.
Result<void> removeProxy(const Call& call, const Engine& engine, const std::string& name,
                         const std::string& servedAs, const std::string& network) {
  (void)settleSuccession(engine, name);  // where it can't be, what is left of it goes with the proxy
  const auto proxy = CAIRN_TRY(Proxy::find(engine, name));
  if (proxy && CAIRN_TRY(servesAnother(engine, *proxy, servedAs))) {
    call.log(LogLevel::Info, name + " serves another release: it stays");
    return {};
  }
  Step step = call.step("Closing " + (proxy && proxy->container().running ? proxy->url(engine) : name));
  auto removed = removeContainer(engine, name, kStopSeconds);
  if (removed) removed = removeContainer(engine, successorOf(name), 0);
  if (!removed) {
    step.fail();
    return removed;
  }
  forgetProxyPort(call, engine, name);
  return network.empty() ? Result<void>() : removeNetworkIfUnused(engine, network);
}

// The engine of a release that was cut short: the network's entry, written before anything is made, says
// which.
Journaled lastJournaled(const std::vector<Resource>& resources) {
  Journaled out;
  for (const Resource& resource : resources) {
    if (!resource.state.empty()) out = readJournalState(resource.state);
  }
  return out;
}

Result<void> removeUnfinished(const Call& call, const Journaled& journaled,
                              const std::vector<Resource>& resources) {
  if (journaled.engine.empty()) return {};  // nothing was made
  const Engine engine = CAIRN_TRY(connectEngine(call, {}, journaled.engine.c_str()));
  for (const Resource& resource : resources) {
    if (resource.kind == "container")
      CAIRN_TRY(removeProxy(call, engine, resource.name, journaled.servedAs, ""));
  }
  for (const Resource& resource : resources) {
    if (resource.kind == "network") CAIRN_TRY(removeNetworkIfUnused(engine, resource.name));
  }
  return {};
}

}  // namespace

Result<Owned<wire::Release>> release(const Call& call, wire::Deployment::Reader deployment,
                                     wire::ReleaserSettings::Reader settings) {
  const Engine engine = CAIRN_TRY(connectEngine(call, {}, deployment.getEngine()));
  const std::string backend = CAIRN_TRY(backendOf(engine, deployment));
  const std::string name = Proxy::nameFor(deployment), servedAs = newSwitchName(deployment);
  Resource network = CAIRN_TRY(call.intend("network", toString(deployment.getNetwork())));
  Resource resource = CAIRN_TRY(call.intend("container", name));
  CAIRN_TRY(call.created(network, network.name, journalState(engine, servedAs)));
  const Proxy proxy = CAIRN_TRY(Proxy::ensure(
      call, engine, deployment, {.ip = toString(settings.getAddress()), .port = settings.getPort()}));
  CAIRN_TRY(call.created(resource, proxy.container().id, journalState(engine, servedAs)));
  {
    Step step = call.step("Switching " + proxy.url(engine) + " to " + shownName(deployment));
    const auto drain =
        std::chrono::ceil<std::chrono::seconds>(std::chrono::milliseconds(settings.getDrainTimeoutMs()));
    if (auto switched = proxy.switchTo(engine, backend, servedAs, drain); !switched) {
      step.fail();
      return std::move(switched).error();
    }
  }
  Owned<wire::Release> out;
  out->setUrl(proxy.url(engine));
  out->setDeploymentId(deployment.getDeploymentId());
  out->setEngine(engine.address().text);
  out->setProxyName(name);
  out->setProxyId(proxy.container().id);
  out->setContainerId(deployment.getContainerId());
  out->setNetwork(deployment.getNetwork());
  out->setServedAs(servedAs);
  return out;
}

Result<void> destroyRelease(const Call& call, wire::Release::Reader release, wire::ReleaserSettings::Reader) {
  std::vector<Resource> resources = CAIRN_TRY(call.resources());
  const bool finished = release.getProxyName().size() > 0;
  const Journaled journaled = finished
                                  ? Journaled{toString(release.getEngine()), toString(release.getServedAs())}
                                  : lastJournaled(resources);
  // The journal tells of all releases of the app. What they made in another engine goes with the release
  // there.
  resources.erase(std::remove_if(resources.begin(), resources.end(),
                                 [&](const Resource& resource) {
                                   const std::string engine = readJournalState(resource.state).engine;
                                   return !engine.empty() && engine != journaled.engine;
                                 }),
                  resources.end());
  if (finished) {
    const Engine engine = CAIRN_TRY(connectEngine(call, {}, release.getEngine()));
    CAIRN_TRY(removeProxy(call, engine, toString(release.getProxyName()), journaled.servedAs,
                          toString(release.getNetwork())));
  } else {
    CAIRN_TRY(removeUnfinished(call, journaled, resources));
  }
  for (const Resource& resource : resources) CAIRN_TRY(call.removed(resource));
  return {};
}

Result<Owned<cairn::wire::Status>> releaseStatus(const Call& call, wire::Release::Reader release,
                                                 wire::ReleaserSettings::Reader) {
  using Health = cairn::wire::Status::Health;
  const Engine engine = CAIRN_TRY(connectEngine(call, {}, release.getEngine()));
  Owned<cairn::wire::Status> out;
  const auto proxy = CAIRN_TRY(Proxy::find(engine, toString(release.getProxyName())));
  if (!proxy) {
    out->setHealth(Health::GONE);
    out->setMessage("its proxy is gone");
    return out;
  }
  const bool running = proxy->container().running;
  const auto status = running ? proxy->status(engine) : Result<ProxyStatus>(ProxyStatus{});
  const bool serves = status && status->servedAs == toString(release.getServedAs());
  out->setHealth(!running || !status ? Health::DOWN : serves ? Health::READY : Health::PARTIAL);
  out->setMessage(!running  ? "its proxy does not run"
                  : !status ? status.error().message
                  : serves  ? "serves"
                            : "its address leads to another release");
  if (running) out->setUrl(proxy->url(engine));
  auto container = out->initResources(1)[0];
  container.setKind("container");
  container.setName(proxy->container().name);
  container.setState(proxy->container().status);
  container.setHealthy(running && serves);
  return out;
}

}  // namespace cairn::plugins::docker
