// How a stage ends that failed: what it made is removed, and what stays is on record.

#include "host/pipeline/stage_run.h"

#include <cairn/dynamic/enum_name.h>
#include <host/pipeline/prune.h>
#include <host/pipeline/recorded_call.h>

namespace cairn::host {
namespace {

std::string shownNumber(wire::Record::Reader record) {
  return (record.getKind() == wire::RecordKind::DEPLOYMENT ? "v" : "#") +
         std::to_string(record.getSequence());
}

}  // namespace

bool StageRun::isRefusal(kj::WaitScope& wait, const Error& error) {
  static const std::set<std::string> kRefusals = {"gate-refused", "stale-plan", "gate-changed-value",
                                                  "mapper-refused", "mapper-failed"};
  if (called_ || kRefusals.count(error.code) == 0) return false;
  auto made = context_.store.resources({.recordId = std::string(record_.reader().getId())}).wait(wait);
  return made && made->empty();
}

void StageRun::fail(kj::WaitScope& wait, const Error& error) {
  const Error safe = masked(context_.masking, error);
  const bool refused = isRefusal(wait, error);
  if (error.kind != ErrorKind::Cancelled) emitter_.diagnostic(safe);
  if (stage_.getKind() == wire::StageKind::DEPLOY) cleanUp(wait);
  if (servesUnrecorded()) {
    warnUnrecorded();
    noteUnrecorded(wait);
  }
  if (valueRefused_) record_->disownValue();
  auto record = *record_;
  // What fails after an address was switched, a hook, doesn't switch it back: the record tells what serves.
  const bool serves = stage_.getKind() == wire::StageKind::RELEASE &&
                      record_.reader().getState() == wire::Record::State::DONE;
  if (!serves) record.setState(refused ? wire::Record::State::REFUSED : wire::Record::State::FAILED);
  if (refused)
    record.setStateText(hooksRan() ? "only its hooks before it were run" : "nothing of it was begun");
  record.setFinishedUnixMs(context_.nowMs());
  auto recorded = record.initError();
  writeDiagnostic(safe, recorded);
  // The app's last words were on the screen; the record is where they can still be read.
  if (!lastLogLines_.empty()) recorded.setDetail(context_.masking.mask(safe.detail + lastLogLines_));
  if (auto saved = save(wait); !saved && saved.error().code != error.code) emitter_.diagnostic(saved.error());
  emitter_.emit([&](wire::Event::Builder event) {
    auto finished = event.initStageFinished();
    finished.setOutcome(error.kind == ErrorKind::Cancelled ? wire::Event::Outcome::CANCELLED
                                                           : wire::Event::Outcome::FAILED);
    finished.setRecordId(record_.reader().getId());
    if (!refused) finished.setSequence(deployment().sequence);
    finished.setDurationMs(
        static_cast<std::uint64_t>((context_.timer().now() - started_) / kj::MILLISECONDS));
  });
}

void StageRun::cleanUp(kj::WaitScope& wait) {
  auto left = context_.store.resources({.recordId = std::string(record_.reader().getId())}).wait(wait);
  const bool journaled = !left || !left->empty();
  std::optional<std::uint64_t> noted;
  if (valueRefused_ && !journaled) noted = noteUnrecorded(wait);
  if (!mayHaveMade(record_.reader(), journaled)) {
    if (valueRefused_) warnUnrecorded();
    return;
  }
  auto removed = removeMade(wait);
  if (removed) {
    // Nobody is to look for it again.
    record_->disownValue();
    record_->setUrl("");
    if (noted) (void)context_.store.resourceRemoved(*noted).wait(wait);
  } else {
    emitter_.diagnostic(masked(context_.masking, std::move(removed).error().context(
                                                     "removing what the " + title() + " left behind")),
                        wire::Diagnostic::Severity::WARNING);
  }
}

Result<void> StageRun::removeMade(kj::WaitScope& wait) {
  Result<void> removed;
  auto problem = kj::runCatchingExceptions([&] {
    // What is done on record could be released, or rolled back to, while it is half gone.
    removed = done_ ? destroyMarked(wait, context_, emitter_, plugin_, record_.reader(), run_.id)
                    : destroyRecorded(wait, context_, emitter_, plugin_, record_.reader());
  });
  KJ_IF_MAYBE (exception, problem) return brokeOff("the destroy", *exception);
  return removed;
}

std::optional<std::uint64_t> StageRun::noteUnrecorded(kj::WaitScope& wait) {
  const auto record = record_.reader();
  auto noted =
      context_.store
          .intendResource(record.getId(), std::string(enumName(record.getKind())), shownNumber(record), {})
          .wait(wait);
  if (noted) return *noted;
  emitter_.diagnostic(noted.error());
  return std::nullopt;
}

void StageRun::warnUnrecorded() {
  const std::string app = app_.getName();
  Error warning{.kind = ErrorKind::Failed, .code = "result-not-recorded"};
  if (servesUnrecorded()) {
    warning.message = "the " + title() +
                      " came through and what it answered was refused: what serves now is not "
                      "what is recorded";
    warning.hint = "run `cairn release --app " + app + "` again once the plugin is mended";
  } else {
    warning.message = "the " + title() +
                      " came through and what it answered was refused: what it made may still "
                      "be there";
    warning.hint = "`cairn destroy v" + std::to_string(record_.reader().getSequence()) + " --app " + app +
                   "` asks the plugin to remove it";
  }
  emitter_.diagnostic(warning, wire::Diagnostic::Severity::WARNING);
}

}  // namespace cairn::host
