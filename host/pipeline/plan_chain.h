#pragma once
// The chain to one input of an operation, as a plan holds it.

#include <host/pipeline/mapper_essence.h>
#include <host/pipeline/other_chain.h>
#include <host/pipeline/stage_query.h>
#include <host/project/scope.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace cairn::host {

// What chains are planned with. All of it outlives the call.
struct ChainTools {
  const PluginSet& plugins;
  const TypeGraph& types;  // of the app
  const TypeSchemas& schemas;
  const Project& project;
  const std::function<std::uint16_t(std::size_t)>& numberOf;  // the plan's plugins, by their place in the set
  const Scope* scope;                   // of the stage; null: it has mistakes of its own, which were told
  MapperEssences& essences;             // of the plan
  ChainQuestions& questions;            // answered by the chains
  const std::set<std::string>& faulty;  // mappers of cairn.toml whose mistakes were told
  graph::Reasons reasons = graph::Reasons::Nearest;  // told where there is no chain
};

// Derives the inputs of an operation of the component at `end` from what flows and what the host gives, into
// `out`, with the gates that stand before it. Adds warnings: ambiguous-chain, which is an error under
// `strict`.
//
// Errors: those of mistakeOfProgram(); no-chain, gate-not-passed and the other failures of the search; those
// of what cairn.toml's mappers on the way say.
Errors planChains(const ChainTools& tools, const ChainEnd& end, wire::Manifest::Operation::Reader operation,
                  const StageFlow& flow, wire::Plan::Stage::Builder out, Errors& warnings);

void writePluginUse(const LocatedPlugin& plugin, wire::Plan::PluginUse::Builder out);

}  // namespace cairn::host
