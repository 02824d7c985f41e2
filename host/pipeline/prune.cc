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
  const LocatedPlugin* plugin = plannedPlugin(run, record);
  LocatedPlugin recorded;
  if (plugin == nullptr) {
    recorded =
        CAIRN_TRY(locateRecorded(run.context.broker, PluginCatalog({PluginCatalog::builtinFolder()}, {}),
                                 record.getPlugin())
                      .wait(wait));
    plugin = &recorded;
  }
  CAIRN_TRY(destroyRecorded(wait, run.context, emitter, *plugin, record));
  return markDestroyed(wait, run.context, record, run.id);
}

}  // namespace

Result<void> markDestroyed(kj::WaitScope& wait, PipelineContext& context, wire::Record::Reader record,
                           const std::string& runId) {
  Owned<wire::Record> destroyed(record);
  destroyed->setState(wire::Record::State::DESTROYED);
  destroyed->setDestroyedUnixMs(context.nowMs());
  return context.store.updateRecord(destroyed.reader(), runId).wait(wait);
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
  std::uint32_t kept = 0;
  for (const auto& deployment : *deployments) {
    if (deployment->getSequence() >= serving->reader().getSequence()) continue;
    if (kept < app.getKeep()) {
      ++kept;
      continue;
    }
    auto removed =
        remove(wait, run, emitter.forStage("prune", std::string(deployment->getPlugin().getName())),
               deployment.reader());
    if (!removed) {
      emitter.diagnostic(
          masked(run.context.masking, std::move(removed).error().context(
                                          "removing the old v" + std::to_string(deployment->getSequence()))),
          wire::Diagnostic::Severity::WARNING);
    }
  }
}

}  // namespace cairn::host
