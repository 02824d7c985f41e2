#pragma once
// A project ready to be planned: its file read, its plugins looked at, what is on record for it at hand.

#include "cli/engine/session.h"
#include "host/pipeline/plan_maker.h"
#include "host/project/git_facts.h"
#include "host/project/project.h"
#include "host/project/variables.h"

namespace cairn::cli {

// The file and the plugins it may use.
struct OpenedProject : host::FaultyProject {
  OpenedProject(host::FaultyProject file, host::PluginCatalog plugins)
      : FaultyProject(std::move(file)), catalog(std::move(plugins)) {}

  host::PluginCatalog catalog;

  bool isWhole() const { return mistakes.empty(); }
};

// Reads the file; starts nothing. `options.directory` and above are looked through.
Answer<OpenedProject> openProject(const EngineOptions& options);

// For what goes by records alone: a file with mistakes is good enough. Where they hide the project's name or
// some of its apps, those come from the records of this folder. The workspace must be one that is in use.
//
// Errors: no-project; unknown-workspace; the file's own, where its project can't be known.
Answer<OpenedProject> openForRecords(Session& session, const EngineOptions& options);

// What could be understood of the file, the plugins that it names among it; the project may have no name.
Answer<OpenedProject> openFaulty(const EngineOptions& options);

// --var and --var-file.
host::VariableInputs givenVariables(const EngineOptions& options);

// What a project's secret variables are worth here and now is masked from here on; none has to have a value.
void maskKnownSecrets(Session& session, const EngineOptions& options, const host::Project& project);

host::PluginCatalog catalogFor(const host::Project& project);

// All plugins that the project may use; warns of those that can't be used and are not. Starts one only where
// no manifest is cached.
host::PluginSet openPlugins(Session& session, const EngineOptions& options, const host::Project& project,
                            const host::PluginCatalog& catalog);

// What is told where there is no chain: all of it with -v.
inline graph::Reasons reasonsFor(const EngineOptions& options) {
  return options.verbose ? graph::Reasons::All : graph::Reasons::Nearest;
}

// A plan with the plugins it is run with, in its order.
struct PreparedPlan {
  Owned<wire::Plan> plan;
  std::vector<host::LocatedPlugin> plugins;
  host::Variables variables;
  std::vector<Error> warnings;
  std::shared_ptr<const host::TypeSchemas> schemas;
  host::ChainQuestions questions;
  host::GateCommands gateCommands = {};
  host::PluginCatalog catalog = {{}, {}};  // of the project
  std::string file = {};                   // as positions name it
  std::vector<std::string> apps = {};      // of the file, those that were not asked for among them
};

// Reads the file, works out variables, manifests and history, and plans. Blocks; starts a plugin only where
// no manifest is cached.
//
// Errors: a syntax error alone; else every mistake of the file, those that only planning finds among them, in
// its order.
Answer<PreparedPlan> preparePlan(Session& session, const EngineOptions& options,
                                 const std::vector<std::string>& apps,
                                 const std::vector<wire::StageKind>& stages);

// Plans all apps as they are in each workspace that the file names, but for the chosen one, and adds what is
// wrong or worth a warning there and was not told yet, with the workspace's name. Records and variables
// that have no value here say nothing about the file. Returns the workspaces of the file, the chosen one
// among them.
std::vector<std::string> checkOtherWorkspaces(Session& session, const EngineOptions& options,
                                              std::vector<Error>& told, std::vector<Error>& warnings);

}  // namespace cairn::cli
