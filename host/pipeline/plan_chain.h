#pragma once
// The chain to one input of an operation, as a plan holds it.

#include <host/pipeline/stage_query.h>

#include <functional>
#include <string>
#include <vector>

namespace cairn::host {

// Derives `input` of the component at `end` from what flows and what the host gives, into `out`. `numberOf`
// numbers the plan's plugins by their place in the set. Returns warnings: ambiguous-chain.
//
// Errors: no-chain and the other failures of the search.
Result<std::vector<Error>> planChain(const PluginSet& plugins, const TypeGraph& types, const ChainEnd& end,
                                     wire::Manifest::Input::Reader input, const StageFlow& flow,
                                     const std::function<std::uint16_t(std::size_t)>& numberOf,
                                     wire::Plan::Derivation::Builder out);

void writePluginUse(const LocatedPlugin& plugin, wire::Plan::PluginUse::Builder out);

}  // namespace cairn::host
