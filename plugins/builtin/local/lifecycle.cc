#include "app_command.h"
#include "app_folder.h"
#include "app_log.h"
#include "platform.h"
#include "ports.h"
#include "readiness.h"
#include "stopping.h"
#include "user_command.h"

namespace cairn::plugins::local {
namespace {

using Health = cairn::wire::Status::Health;

constexpr std::chrono::milliseconds kStatusProbe{2000};
constexpr std::chrono::milliseconds kFollow{100};

std::string titleOf(wire::Deployment::Reader deployment) {
  return std::string(deployment.getApp()) + " v" + std::to_string(deployment.getSequence());
}

// The deployment's short id; from the journal where a crash left no value.
Result<std::string> shortIdOf(const Call& call, wire::Deployment::Reader deployment) {
  if (deployment.getShortId().size() > 0) return std::string(deployment.getShortId());
  return journaledShortId(call);
}

Error notRunning(wire::Deployment::Reader deployment) {
  return Error{.kind = ErrorKind::Unavailable,
               .code = "local/not-running",
               .message = titleOf(deployment) + " does not run",
               .hint = "'cairn status' tells more; 'cairn up' deploys it anew"};
}

Owned<cairn::wire::Status> statusOf(Health health, const std::string& message) {
  Owned<cairn::wire::Status> out;
  out->setHealth(health);
  out->setMessage(message);
  return out;
}

// Its supervisor is gone: it ended with the app, or both with the machine.
Owned<cairn::wire::Status> statusWithoutSupervisor(const AppFolder& folder) {
  if (!std::filesystem::exists(folder.path())) return statusOf(Health::GONE, "nothing of it is left");
  const auto last = folder.lastState();
  if (last && (last->state == "failed" || last->state == "stopped"))
    return statusOf(Health::DOWN,
                    "it " + last->howItEnded() + " and is not started again; 'cairn up' deploys it anew");
  return statusOf(
      Health::DOWN,
      "its supervisor does not run, perhaps since the machine was restarted; 'cairn up' deploys it anew");
}

std::string restartsText(const AppState& state) {
  if (state.restarts == 0) return {};
  return ", started again " + std::to_string(state.restarts) + (state.restarts == 1 ? " time" : " times");
}

Owned<cairn::wire::Status> statusOfRunning(const Call& call, const AppState& state,
                                           wire::Deployment::Reader deployment, wire::Probe::Reader probe) {
  if (state.state != "running")
    return statusOf(Health::DOWN,
                    "it " + state.howItEnded() + " and will be started again" + restartsText(state));
  const std::string runs = "running" + restartsText(state);
  if (deployment.getUrl().size() == 0) return statusOf(Health::READY, runs);
  const ProbeResult result =
      probeOnce(probeTarget(probe, deployment.getPort()), kStatusProbe, call.cancelFd());
  if (result.ready) return statusOf(Health::READY, runs);
  return statusOf(Health::PARTIAL, runs + ", but its probe fails: " + result.reason);
}

}  // namespace

Result<void> destroyDeployment(const Call& call, wire::Deployment::Reader deployment,
                               wire::PlatformSettings::Reader settings) {
  const std::string shortId = CAIRN_TRY(shortIdOf(call, deployment));
  if (shortId.empty()) return {};
  // After a crash there may be no value that knows its name.
  Step step =
      call.step("Stopping " + (deployment.getApp().size() > 0 ? titleOf(deployment) : serviceName(shortId)));
  auto removed = removeApp(call, shortId, settings.getGraceMs());
  if (!removed) step.fail();
  return removed;
}

Result<Owned<cairn::wire::Status>> deploymentStatus(const Call& call, wire::Deployment::Reader deployment,
                                                    wire::PlatformSettings::Reader settings) {
  const std::string shortId = CAIRN_TRY(shortIdOf(call, deployment));
  if (shortId.empty()) return statusOf(Health::GONE, "nothing of it was made");
  const AppFolder folder(call, shortId);
  const auto state = CAIRN_TRY(folder.liveState(call));
  auto out = state ? statusOfRunning(call, *state, deployment, settings.getProbe())
                   : statusWithoutSupervisor(folder);
  out->setUrl(deployment.getUrl());
  auto process = out->initResources(1)[0];
  process.setKind("process");
  process.setName(state && state->child != 0 ? "pid " + std::to_string(state->child) : serviceName(shortId));
  process.setState(state ? state->state : "down");
  process.setHealthy(out.reader().getHealth() == Health::READY);
  return out;
}

Result<void> logs(const Call& call, wire::Deployment::Reader deployment) {
  const std::string shortId = CAIRN_TRY(shortIdOf(call, deployment));
  if (shortId.empty() || !std::filesystem::exists(AppFolder(call, shortId).path()))
    return Error{.kind = ErrorKind::NotFound,
                 .code = "local/no-log",
                 .message = titleOf(deployment) + " has no log",
                 .hint = "it was destroyed, or never started"};
  const AppFolder folder(call, shortId);
  const LogRequest request = call.logRequest();
  LogReader reader(folder.logFile());
  giveLogSoFar(call, reader, request, titleOf(deployment));
  // A log that was removed gets no more lines.
  while (request.follow && std::filesystem::exists(folder.path())) {
    if (call.sleep(kFollow)) return call.cancelledError();
    giveLogSoFar(call, reader, {}, titleOf(deployment));
  }
  return {};
}

Result<int> exec(const Call& call, wire::Deployment::Reader deployment) {
  const std::string shortId = CAIRN_TRY(shortIdOf(call, deployment));
  if (shortId.empty()) return notRunning(deployment);
  const AppFolder folder(call, shortId);
  if (!CAIRN_TRY(folder.liveState(call))) return notRunning(deployment);
  std::vector<std::string> argv = {bundledProgram(call, "cairn-supervise"), "exec", "--control",
                                   folder.control(), "--"};
  argv.insert(argv.end(), call.arguments().begin(), call.arguments().end());
  return runForUser(call, argv);
}

}  // namespace cairn::plugins::local
