#pragma once
// What an input of a stage's component asks of the mapper graph: one question for the plan and for whoever
// explains it.

#include <cairn/graph/query.h>
#include <cairn/plan.capnp.h>
#include <host/pipeline/type_graph.h>

#include <string>
#include <vector>

namespace cairn::host {

// What the stages of one app hand on while they are planned.
struct StageFlow {
  // The type that is the main input of the next stage, and where it comes from; 0: none yet.
  std::uint64_t type = 0;
  wire::StageKind stage = wire::StageKind::BUILD;
  std::string record;  // not empty: from an earlier run's record instead
  std::string label;   // "artifact of web"
  bool broken =
      false;  // the stage before could not be planned: what takes its output says nothing of its own
};

// Where a chain ends: the component of a stage.
struct ChainEnd {
  std::string app;
  wire::StageKind stage = wire::StageKind::BUILD;
  std::string use;     // what names the component: "docker", "aws/ecs"
  std::string plugin;  // that offers it
};

// The gates of `types` that stand before this stage. Whatever way the component is named counts: "docker"
// also means one that `use` calls "docker/docker".
std::vector<AppGate> gatesInto(const TypeGraph& types, const ChainEnd& end);

// Whether what the input takes comes from the stage's main value, the artifact or, where nothing came before,
// the source: such an input passes the stage's gates.
bool isMainInput(wire::Manifest::Input::Reader input, const StageFlow& flow);

// A query that says what [mappers] says, and asks for nothing yet.
graph::Query queryUnder(const MapperRules& rules);

// With the gates before the stage and the rules of [mappers].
graph::Query queryFor(const TypeGraph& types, const ChainEnd& end, wire::Manifest::Input::Reader input,
                      const StageFlow& flow);

}  // namespace cairn::host
