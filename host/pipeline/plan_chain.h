#pragma once
// The chain to one input of an operation, as a plan holds it.

#include <cairn/plan.capnp.h>
#include <host/pipeline/type_graph.h>

#include <functional>
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

// Derives `input` of a component of `plugin` from what flows and what the host gives, into `out`. `numberOf`
// numbers the plan's plugins by their place in the set. Returns warnings: ambiguous-chain.
//
// Errors: no-chain and the other failures of the search.
Result<std::vector<Error>> planChain(const PluginSet& plugins, const TypeGraph& types,
                                     wire::Manifest::Input::Reader input, const StageFlow& flow,
                                     const std::string& plugin,
                                     const std::function<std::uint16_t(std::size_t)>& numberOf,
                                     wire::Plan::Derivation::Builder out);

void writePluginUse(const LocatedPlugin& plugin, wire::Plan::PluginUse::Builder out);

}  // namespace cairn::host
