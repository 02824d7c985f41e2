#include "releaser.h"

#include "app_folder.h"
#include "port_in_use.h"
#include "ports.h"
#include "probe.h"
#include "route.h"

#include <cstdlib>

namespace cairn::plugins::local {
namespace {

using Health = cairn::wire::Status::Health;

constexpr char kSwitchKind[] = "switch";  // of a release's resource in the journal
constexpr std::chrono::milliseconds kConnect{2000};

template <typename T>
RouteKey keyOf(T value) {
  return {value.getProject(), value.getApp(), value.getWorkspace()};
}

bool answers(std::uint16_t port, const Call& call) {
  return probeOnce({.port = port, .path = {}}, kConnect, call.cancelFd()).ready;
}

// That something answers on its port is not enough: once it has ended, the port may be anybody's.
Result<bool> answers(wire::Deployment::Reader deployment, const Call& call) {
  if (!CAIRN_TRY(AppFolder(call, deployment.getShortId()).liveState(call))) return false;
  return answers(deployment.getPort(), call);
}

Owned<wire::Release> releaseOf(wire::Deployment::Reader deployment) {
  Owned<wire::Release> out;
  out->setDeploymentId(deployment.getDeploymentId());
  out->setProject(deployment.getProject());
  out->setApp(deployment.getApp());
  out->setWorkspace(deployment.getWorkspace());
  return out;
}

Result<void> disown(const Call& call) {
  for (const Resource& resource : CAIRN_TRY(call.resources())) CAIRN_TRY(call.removed(resource));
  return {};
}

// The journal has the resources of all releases of the app: only this switch was the release's own.
Result<void> disownSwitch(const Call& call, const std::string& name) {
  for (const Resource& resource : CAIRN_TRY(call.resources()))
    if (resource.kind == kSwitchKind && resource.name == name) CAIRN_TRY(call.removed(resource));
  return {};
}

// A release of which a crash left no value: the last in the journal.
struct JournaledSwitch {
  RouteKey key;
  std::uint64_t turn = 0;
};

std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool code = text[i] == '%' && i + 2 < text.size();
    out += code ? static_cast<char>(std::strtol(text.substr(i + 1, 2).c_str(), nullptr, 16)) : text[i];
    if (code) i += 2;
  }
  return out == "%" ? std::string() : out;
}

// Reads Route::switchName(): "project.app.workspace#turn".
std::optional<JournaledSwitch> parseSwitchName(const std::string& name) {
  const auto first = name.find('.'), second = name.find('.', first + 1), end = name.find('#');
  if (first == name.npos || second == name.npos || end == name.npos) return std::nullopt;
  JournaledSwitch out;
  out.key = {unescaped(name.substr(0, first)), unescaped(name.substr(first + 1, second - first - 1)),
             unescaped(name.substr(second + 1, end - second - 1))};
  out.turn = std::strtoull(name.c_str() + end + 1, nullptr, 10);
  return out;
}

Result<std::optional<JournaledSwitch>> switchOf(const Call& call, wire::Release::Reader release) {
  if (release.getApp().size() > 0) return std::optional(JournaledSwitch{keyOf(release), release.getTurn()});
  std::optional<JournaledSwitch> last;
  for (const Resource& resource : CAIRN_TRY(call.resources())) {
    const auto found = resource.kind == kSwitchKind ? parseSwitchName(resource.name) : std::nullopt;
    if (found && (!last || found->turn > last->turn)) last = found;
  }
  return last;
}

Owned<cairn::wire::Status> statusOf(Health health, const std::string& message, const std::string& url) {
  Owned<cairn::wire::Status> out;
  out->setHealth(health);
  out->setMessage(message);
  out->setUrl(url);
  return out;
}

}  // namespace

Result<Owned<wire::Release>> release(const Call& call, wire::Deployment::Reader deployment,
                                     wire::ReleaserSettings::Reader settings) {
  Owned<wire::Release> out = releaseOf(deployment);
  if (deployment.getUrl().size() == 0) return out;  // nothing listens: no address to move
  const std::string title =
      std::string(deployment.getApp()) + " v" + std::to_string(deployment.getSequence());
  if (!CAIRN_TRY(answers(deployment, call)))
    return Error{.kind = ErrorKind::Unavailable,
                 .code = "local/not-running",
                 .message = title + " does not answer on port " + std::to_string(deployment.getPort()),
                 .hint = "'cairn status' tells more; 'cairn up' deploys it anew"};
  Route route(call, keyOf(deployment));
  const std::uint64_t turn = route.turn + 1;
  Resource resource = CAIRN_TRY(call.intend(kSwitchKind, route.switchName(turn)));
  CAIRN_TRY(route.ensureProxy(call, settings.getPort()));
  Step step = call.step("Switching " + route.url() + " to " + title);
  const std::string backend = std::string(kLoopback) + ":" + std::to_string(deployment.getPort());
  if (auto done = route.switchTo(call, backend, deployment.getDeploymentId(), settings.getDrainTimeoutMs());
      !done) {
    step.fail();
    return std::move(done).error();
  }
  route.turn = turn;
  CAIRN_TRY(route.save());
  CAIRN_TRY(call.created(resource, backend));
  out->setUrl(route.url());
  out->setTurn(turn);
  return out;
}

Result<void> destroyRelease(const Call& call, wire::Release::Reader release) {
  const auto made = CAIRN_TRY(switchOf(call, release));
  if (!made || made->turn == 0) return {};  // it never had an address
  Route route(call, made->key);
  // Before the first switch nobody is served; later only the newest one's destruction closes the address.
  if (route.turn != 0 && route.turn != made->turn) return disownSwitch(call, route.switchName(made->turn));
  CAIRN_TRY(route.stopProxy(call));
  CAIRN_TRY(route.remove());
  return disown(call);
}

Result<Owned<cairn::wire::Status>> releaseStatus(const Call& call, wire::Release::Reader release) {
  if (release.getUrl().size() == 0)
    return statusOf(Health::READY, "it does not listen, so that it has no address", {});
  const Route route(call, keyOf(release));
  const std::string url = release.getUrl();
  if (route.turn != release.getTurn())
    return statusOf(Health::GONE,
                    route.turn == 0 ? "its address was closed" : "a later release has its address", {});
  const auto proxy = route.liveProxy(call);
  if (!proxy)
    return statusOf(
        Health::DOWN,
        "its proxy does not run, perhaps since the machine was restarted; 'cairn release' starts it "
        "again on the same port",
        url);
  const auto colon = proxy->backend.rfind(':');
  const int port = colon == std::string::npos ? 0 : std::atoi(proxy->backend.c_str() + colon + 1);
  if (!answers(static_cast<std::uint16_t>(port), call))
    return statusOf(Health::PARTIAL, "its address is open, but the app behind it does not answer", url);
  return statusOf(Health::READY, "serves", url);
}

std::vector<Error> checkReleaser(const Call& call, wire::ReleaserSettings::Reader settings,
                                 const UnknownSettings& unknown) {
  const std::uint16_t port = settings.getPort();
  if (unknown.contains("port") || port == 0 || isPortFree(port)) return {};
  const auto holder = findPortHolder(port);
  if (holder && routeOfProxy(call, holder->pid)) return {};
  Error error = portInUse(call, port, kChooseAnotherPort);
  error.settingPath = "port";
  return {std::move(error)};
}

}  // namespace cairn::plugins::local
