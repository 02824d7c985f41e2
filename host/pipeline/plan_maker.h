#pragma once
// From a project and manifests to a plan: every component chosen, every setting decoded, every boundary
// joined, before anything acts.

#include <cairn/owned.h>
#include <cairn/plan.capnp.h>
#include <host/pipeline/context.h>
#include <host/pipeline/mapper_essence.h>
#include <host/pipeline/other_chain.h>
#include <host/pipeline/plugin_set.h>
#include <host/pipeline/type_graph.h>
#include <host/project/git_facts.h>
#include <host/project/project.h>
#include <host/project/variables.h>
#include <host/store/store.h>

#include <map>
#include <string>
#include <vector>

namespace cairn::host {

struct PlanRequest {
  std::vector<std::string> apps;        // empty: all
  std::vector<wire::StageKind> stages;  // in their order
  // Of a file with mistakes: apps whose stages may not all be known. Nothing is said about joining them.
  std::vector<std::string> inDoubt = {};
  graph::Reasons reasons = graph::Reasons::Nearest;  // told where there is no chain
};

// What is on record for an app and matters to its plan.
struct AppHistory {
  std::optional<StoredRecord> build;  // the newest that is done, of each kind
  std::optional<StoredRecord> artifact;
  std::optional<StoredRecord> deployment;
  std::optional<StoredRecord> release;  // what serves
  std::optional<StoredRecord> serving;  // the deployment it released
};

struct PlanInputs {
  const Project& project;
  const Variables& variables;
  GitSource& git;
  const PluginSet& plugins;
  const TypeGraphs& types;
  const std::map<std::string, AppHistory>& history;  // by app
};

struct MadePlan {
  Owned<wire::Plan> plan;
  std::vector<std::size_t> plugins;  // of the set, in the order of plan.plugins
  Errors warnings;
  ChainQuestions questions;  // that its chains answer
  GateCommands gateCommands;
};

// Pure: neither starts nor writes anything, and asks git only where the file does.
//
// Errors: all there are, app by app: unknown-app, unknown-component, those of settings and
// expressions, of every mapper that cairn.toml declares, in use or not; no-chain, no-artifact,
// cannot-destroy.
Result<MadePlan, Errors> makePlan(PipelineContext& context, const PlanInputs& inputs,
                                  const PlanRequest& request);

// The stages of an app that will run; the platform's default releaser where the file names none.
std::vector<Stage> stagesOf(const App& app, const PluginSet& plugins,
                            const std::vector<wire::StageKind>& asked);

// What AppHistory holds, from the store.
kj::Promise<Result<AppHistory>> readHistory(Store& store, std::string project, std::string app,
                                            std::string workspace);

// What differs between a plan and one made now from the same request; empty: nothing. One line each, for
// people.
std::vector<std::string> planDifferences(wire::Plan::Reader then, wire::Plan::Reader now);

wire::Manifest::Component::Kind componentKind(wire::StageKind stage);
wire::Manifest::Operation::Name operationName(wire::StageKind stage);
wire::RecordKind recordKind(wire::StageKind stage);
wire::StageKind wireKind(StageKind kind);
StageKind projectKind(wire::StageKind kind);

}  // namespace cairn::host
