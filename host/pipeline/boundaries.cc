#include "host/pipeline/boundaries.h"

#include <host/pipeline/emitter.h>
#include <host/pipeline/plan_maker.h>

namespace cairn::host {
namespace {

const std::vector<wire::StageKind> kAllStages{wire::StageKind::BUILD, wire::StageKind::PUSH,
                                              wire::StageKind::DEPLOY, wire::StageKind::RELEASE};

void addStage(Boundaries& out, const PluginSet& plugins, const TypeGraph& types, const App& app,
              const Stage& stage, StageFlow& flow) {
  const wire::StageKind kind = wireKind(stage.kind);
  auto chosen = plugins.choose(componentKind(kind), stage.use);
  if (!chosen) {
    Error error = std::move(chosen).error();
    if (!error.position.known()) error.position = stage.usePosition;
    out.mistakes.push_back(std::move(error));
    flow = {};
    flow.broken = true;
    return;
  }
  KJ_IF_MAYBE (operation, operationOf(chosen->component, operationName(kind))) {
    const ChainEnd end{app.name, kind, stage.use, plugins[chosen->plugin].bundle.name};
    for (auto input : operation->getInputs()) {
      if (flow.broken) continue;
      out.all.push_back({app.name, kind, stage.use, end.plugin, std::string(input.getRole()),
                         types.snapshot(), queryFor(types, end, input, flow), stage.usePosition});
    }
    flow = {operation->getOutput(), kind, {}, std::string(stageName(kind)) + " of " + app.name};
  }
}

}  // namespace

Boundaries boundariesOf(const Project& project, const PluginSet& plugins, const TypeGraphs& types) {
  Boundaries out;
  for (const App& app : project.apps) {
    StageFlow flow;
    for (const Stage& stage : stagesOf(app, plugins, kAllStages)) {
      addStage(out, plugins, types.of(app.name), app, stage, flow);
    }
  }
  return out;
}

}  // namespace cairn::host
