// `cairn logs`: the log of one deployment, and of those that serve after it.

#include "cli/engine/guarded.h"
#include "cli/engine/local_engine.h"
#include "host/pipeline/recorded_call.h"

namespace cairn::cli {

namespace {

constexpr auto kLookAgain = 500 * kj::MILLISECONDS;

// Resolves once another deployment than `servingId` serves. A store that can't be read changes nothing.
kj::Promise<void> whenAnotherServes(host::PipelineContext& context, host::AppScope scope,
                                    std::string servingId) {
  return context.timer()
      .afterDelay(kLookAgain)
      .then([&context, scope] { return context.store.servingRelease(scope); })
      .then([&context, scope,
             servingId](Result<std::optional<host::StoredRecord>> release) mutable -> kj::Promise<void> {
        if (release && *release && (**release)->getParent() != servingId.c_str()) return kj::READY_NOW;
        return whenAnotherServes(context, std::move(scope), std::move(servingId));
      });
}

Error noLog(wire::Record::Reader deployment) {
  const std::string version = "v" + std::to_string(deployment.getSequence());
  return Error{.kind = ErrorKind::NotFound,
               .code = "no-log",
               .message = version + " of " + deployment.getApp().cStr() +
                          " never came to work, so that its platform keeps no log of it",
               .hint = "`cairn deployment show " + version + "` tells what it said at its end"};
}

}  // namespace

Answer<bool> LocalEngine::logOf(const OpenedProject& opened, const host::StoredRecord& deployment,
                                const LogsRequest& request) {
  auto& context = session_->context();
  if (deployment->getValue().getTypeId() == 0) return Failure(noLog(deployment.reader()));
  auto plugin = CAIRN_TRY(orFailure(
      host::locateRecorded(context.broker, opened.catalog, deployment->getPlugin()).wait(session_->wait())));
  host::RecordedCallExtras extras;
  extras.follow = request.follow;
  extras.tail = request.tail;
  extras.sinceUnixMs = request.sinceUnixMs;
  bool switched = false;
  if (request.follow && request.deployment.empty()) {
    const host::AppScope scope{deployment->getProject(), deployment->getApp(), deployment->getWorkspace()};
    extras.stop =
        whenAnotherServes(context, scope, deployment->getId()).then([&switched] { switched = true; });
  }
  auto emitter = session_->newRun().forApp(deployment->getApp().cStr()).forStage("logs", plugin.bundle.name);
  auto answer = host::callRecorded(session_->wait(), context, emitter, plugin, deployment.reader(),
                                   wire::Manifest::Operation::Name::LOGS, kj::mv(extras));
  if (switched) return true;
  // Ctrl-C is how one stops following.
  if (!answer && !(answer.error().kind == ErrorKind::Cancelled && request.follow))
    return Failure(std::move(answer).error());
  return false;
}

Answer<RunReport> LocalEngine::logs(const LogsRequest& request, EventSink& sink) {
  return guarded<RunReport>([&]() -> Answer<RunReport> {
    session_->tell(sink);
    OpenedProject opened = CAIRN_TRY(openForRecords(*session_, options_));
    maskKnownSecrets(*session_, options_, opened.project);
    auto deployment = CAIRN_TRY(deploymentFor(opened, request.deployment));
    const std::int64_t began = session_->context().nowMs();
    LogsRequest now = request;
    while (CAIRN_TRY(logOf(opened, deployment, now))) {
      deployment = CAIRN_TRY(deploymentFor(opened, {}));
      const std::string version = "v" + std::to_string(deployment->getSequence());
      session_->newRun()
          .forApp(deployment->getApp().cStr())
          .diagnostic(Error{.message = version + " serves now: its log follows"},
                      wire::Diagnostic::Severity::NOTE);
      // What it has said since we listen, also before it served.
      now.tail = 0;
      now.sinceUnixMs = std::max(request.sinceUnixMs, began);
    }
    return RunReport{};
  });
}

}  // namespace cairn::cli
