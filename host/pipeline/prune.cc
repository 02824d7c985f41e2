#include "host/pipeline/prune.h"

#include <cairn/owned.h>
#include <host/pipeline/recorded_call.h>

namespace cairn::host {
namespace {

// Whether the plan has this very plugin; the others are found by the record.
const LocatedPlugin* plannedPlugin(const RunState& run, wire::Record::Reader record) {
  for (const LocatedPlugin& plugin : run.plugins) {
    if (plugin.bundle.name == record.getPlugin().getName().cStr()) return &plugin;
  }
  return nullptr;
}

Result<void> remove(kj::WaitScope& wait, RunState& run, const Emitter& emitter, wire::Record::Reader record) {
  const auto resources =
      CAIRN_TRY(run.context.store.resources({.recordId = std::string(record.getId())}).wait(wait));
  if (!mayHaveMade(record, !resources.empty())) return markDestroyed(wait, run.context, record, run.id);
  const LocatedPlugin* plugin = plannedPlugin(run, record);
  LocatedPlugin recorded;
  if (plugin == nullptr) {
    recorded = CAIRN_TRY(locateRecorded(run.context.broker, run.catalog, record.getPlugin()).wait(wait));
    plugin = &recorded;
  }
  return destroyJournaled(wait, run.context, emitter, *plugin, record, run.id);
}

std::string whyRemoved(wire::Record::Reader record, std::uint32_t keep) {
  if (record.getState() != wire::Record::State::DONE) return "removed: it was interrupted";
  if (keep == 0) return "removed: no old deployments are kept";
  return "removed: " + std::to_string(keep) +
         (keep == 1 ? " old deployment is kept" : " old deployments are kept");
}

// Removes them one by one, and tells of each as of a stage.
struct OldDeployments {
  kj::WaitScope& wait;
  RunState& run;
  const Emitter& app;
  std::uint32_t keep;

  void remove(wire::Record::Reader record) const {
    const auto started = run.context.timer().now();
    const Emitter emitter = app.forStage("prune", std::string(record.getPlugin().getName()));
    emitter.emit([&](wire::Event::Builder event) {
      auto begun = event.initStageStarted();
      begun.setComponent(record.getComponent().getName());
      begun.setRecordId(record.getId());
      begun.setSequence(record.getSequence());
    });
    auto removed = host::remove(wait, run, emitter, record);
    if (!removed) {
      emitter.diagnostic(
          masked(run.context.masking, std::move(removed).error().context(
                                          "removing the old v" + std::to_string(record.getSequence()))),
          wire::Diagnostic::Severity::WARNING);
    }
    emitter.emit([&](wire::Event::Builder event) {
      auto finished = event.initStageFinished();
      finished.setOutcome(removed ? wire::Event::Outcome::DONE : wire::Event::Outcome::FAILED);
      finished.setRecordId(record.getId());
      finished.setSequence(record.getSequence());
      finished.setDurationMs(
          static_cast<std::uint64_t>((run.context.timer().now() - started) / kj::MILLISECONDS));
      if (removed) finished.setSummary(whyRemoved(record, keep));
    });
  }
};

}  // namespace

Result<void> markDestroyed(kj::WaitScope& wait, PipelineContext& context, wire::Record::Reader record,
                           const std::string& runId) {
  Owned<wire::Record> destroyed(record);
  destroyed->setState(wire::Record::State::DESTROYED);
  destroyed->setDestroyedUnixMs(context.nowMs());
  return context.store.updateRecord(destroyed.reader(), runId).wait(wait);
}

Result<void> destroyMarked(kj::WaitScope& wait, PipelineContext& context, const Emitter& emitter,
                           const LocatedPlugin& plugin, wire::Record::Reader record,
                           const std::string& runId) {
  Owned<wire::Record> destroying(record);
  destroying->setState(wire::Record::State::DESTROYING);
  CAIRN_TRY(context.store.updateRecord(destroying.reader(), runId).wait(wait));
  return destroyRecorded(wait, context, emitter, plugin, record);
}

Result<void> destroyJournaled(kj::WaitScope& wait, PipelineContext& context, const Emitter& emitter,
                              const LocatedPlugin& plugin, wire::Record::Reader record,
                              const std::string& runId) {
  auto removed = destroyMarked(wait, context, emitter, plugin, record, runId);
  if (removed) return markDestroyed(wait, context, record, runId);
  (void)context.store.updateRecord(record, runId).wait(wait);  // as it was: it may still be there
  return removed;
}

void pruneDeployments(kj::WaitScope& wait, RunState& run, wire::Plan::App::Reader app) {
  const AppScope scope{run.plan.getProject(), app.getName(), run.plan.getWorkspace()};
  const Emitter emitter = run.emitter.forApp(app.getName());
  auto release = run.context.store.servingRelease(scope).wait(wait);
  if (!release || !*release) return;
  auto serving = run.context.store.record(std::string((**release)->getParent())).wait(wait);
  auto deployments = run.context.store
                         .records({.project = scope.project,
                                   .app = scope.app,
                                   .workspace = scope.workspace,
                                   .kind = wire::RecordKind::DEPLOYMENT,
                                   .states = {wire::Record::State::DONE, wire::Record::State::INTERRUPTED}})
                         .wait(wait);
  if (!serving || !deployments) return;
  const OldDeployments old{wait, run, emitter, app.getKeep()};
  std::uint32_t kept = 0;
  for (const auto& deployment : *deployments) {
    if (deployment->getSequence() >= serving->reader().getSequence()) continue;
    // What never came to work can't be rolled back to: it takes no place among those that are kept.
    const bool works = deployment->getState() == wire::Record::State::DONE;
    if (works && kept < app.getKeep()) {
      ++kept;
      continue;
    }
    old.remove(deployment.reader());
  }
}

}  // namespace cairn::host
