#pragma once
// A rollback is a release of an older deployment, by the releaser that serves now, with its recorded
// settings.

#include <cairn/owned.h>
#include <host/pipeline/mapper_essence.h>
#include <host/pipeline/other_chain.h>
#include <host/pipeline/run_state.h>
#include <host/pipeline/type_graph.h>
#include <host/project/git_facts.h>
#include <host/project/variables.h>
#include <host/store/store.h>

namespace cairn::host {

// What to roll back to, and what serves instead.
struct RollbackChoice {
  StoredRecord deployment;
  StoredRecord release;  // the one that serves
  StoredRecord serving;  // its deployment
};

// `reference` is "v3", "3", an id, or empty for the newest released deployment before the one that serves. On
// a fiber.
//
// Errors: nothing-serves, nothing-before, record-not-found, record-ambiguous; already-serves;
// deployment-unusable (it failed or was destroyed).
Result<RollbackChoice> chooseRollback(kj::WaitScope& wait, Store& store, const AppScope& app,
                                      const std::string& reference);

// The deployment that "v3", "3" or an id names. Errors: record-not-found, saying which there are;
// record-ambiguous.
Result<StoredRecord> findDeployment(kj::WaitScope& wait, Store& store, const AppScope& app,
                                    const std::string& reference);

// What a rollback is planned with, of today: the gates that stand before a release, mappers and plugins. All
// of it outlives the call.
struct RollbackInputs {
  const Project& project;
  const Variables& variables;
  GitSource& git;
  const PluginSet& plugins;
  const TypeGraphs& types;
  graph::Reasons reasons = graph::Reasons::Nearest;  // told where there is no chain
};

// A plan of one stage that releases it. `used` are then its plugins, in the plan's order, and `questions`
// what its chains answer;
// `gateCommands` are those of its gates.
//
// Errors: gate-never-passed; no-chain, where the releaser can't take what was deployed, and the other
// failures of the search; cannot-release.
Result<Owned<wire::Plan>, Errors> planRollback(PipelineContext& context, const RollbackInputs& inputs,
                                               const RollbackChoice& choice, const std::string& origin,
                                               std::vector<LocatedPlugin>& used, ChainQuestions& questions,
                                               GateCommands& gateCommands);

}  // namespace cairn::host
