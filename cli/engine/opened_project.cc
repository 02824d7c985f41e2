#include "cli/engine/opened_project.h"

#include "cli/engine/workspaces.h"
#include "host/pipeline/file_mistakes.h"
#include "host/pipeline/plugin_fit.h"
#include "host/pipeline/type_graph.h"

#include <algorithm>

namespace cairn::cli {

using host::Errors;

host::PluginCatalog catalogFor(const host::Project& project) {
  std::map<std::string, std::filesystem::path> overrides;
  for (const auto& plugin : project.plugins) overrides.emplace(plugin.name, plugin.path);
  return {{host::PluginCatalog::builtinFolder()}, std::move(overrides)};
}

namespace {

host::LoadOptions loadOptions(const EngineOptions& options) {
  host::LoadOptions load;
  load.folder = options.directory;
  if (!options.workspace.empty()) load.workspace = options.workspace;
  return load;
}

}  // namespace

Answer<OpenedProject> openProject(const EngineOptions& options) {
  auto project = host::loadProject(loadOptions(options));
  if (!project) return Failure(std::move(project).error());
  auto catalog = catalogFor(*project);
  return OpenedProject({.project = std::move(*project)}, std::move(catalog));
}

Answer<OpenedProject> openFaulty(const EngineOptions& options) {
  auto loaded = host::loadProjectWithMistakes(loadOptions(options));
  if (!loaded) return Failure(std::move(loaded).error());
  auto catalog = catalogFor(loaded->project);
  return OpenedProject({.project = std::move(loaded->project)}, std::move(catalog));
}

namespace {

// Of the projects that were used from this folder, or from this checkout's remote, the one used last.
Answer<std::string> nameOnRecord(Session& session, const std::filesystem::path& root) {
  auto& store = session.context().store;
  auto known = CAIRN_TRY(orFailure(store.projects().wait(session.wait())));
  std::string name;
  std::int64_t newest = -1;
  auto take = [&](const std::string& origin) -> Answer<void> {
    for (const auto& project : known) {
      if (origin.empty() || project.origin != origin) continue;
      auto runs = CAIRN_TRY(orFailure(store.runs(project.name, 1).wait(session.wait())));
      const std::int64_t used = runs.empty() ? project.firstUsedUnixMs : runs.front().startedUnixMs;
      if (used > newest) name = project.name, newest = used;
    }
    return {};
  };
  CAIRN_TRY(take(root.string()));
  if (!name.empty()) return name;
  host::SpawnGitRunner runner;
  if (auto facts = host::readGitFacts(root, runner)) CAIRN_TRY(take(facts->remote));
  return name;
}

// Apps that stand below the mistake are known by what was deployed of them.
Answer<void> addAppsOnRecord(Session& session, host::Project& project) {
  using State = wire::Record::State;
  host::RecordFilter deployed{
      .project = project.name,
      .workspace = project.workspace,
      .kind = wire::RecordKind::DEPLOYMENT,
      .states = {State::RUNNING, State::DONE, State::FAILED, State::INTERRUPTED, State::DESTROYING}};
  for (const auto& record :
       CAIRN_TRY(orFailure(session.context().store.records(std::move(deployed)).wait(session.wait())))) {
    if (project.app(record->getApp().cStr()) != nullptr) continue;
    project.apps.push_back({.name = record->getApp().cStr(), .path = project.root});
  }
  return {};
}

}  // namespace

Answer<OpenedProject> openForRecords(Session& session, const EngineOptions& options) {
  auto loaded = host::loadProjectWithMistakes(loadOptions(options));
  if (!loaded) return Failure(std::move(loaded).error());
  host::Project& project = loaded->project;
  if (project.name.empty()) project.name = CAIRN_TRY(nameOnRecord(session, project.root));
  if (project.name.empty()) {
    loaded->mistakes.front().hint =
        "mend this; to go by what is on record all the same, begin the file with the line project = \"NAME\"";
    return Failure(std::move(loaded->mistakes));
  }
  if (loaded->cutShort) {
    CAIRN_TRY(addAppsOnRecord(session, project));
    Error& mistake = loaded->mistakes.front();
    mistake.hint = "this goes by what is on record of the project " + project.name +
                   "; what stands below the mistake was not read";
    if (options.warn) options.warn(mistake);
  }
  CAIRN_TRY(checkWorkspace(session, project));
  auto catalog = catalogFor(project);
  return OpenedProject(std::move(*loaded), std::move(catalog));
}

host::PluginSet openPlugins(Session& session, const EngineOptions& options, const host::Project& project,
                            const host::PluginCatalog& catalog) {
  auto plugins = host::PluginSet::open(session.context().broker, catalog).wait(session.wait());
  host::leaveOutMisfits(plugins, project);
  if (options.warn) {
    for (const Error& warning : host::warningsOfBroken(plugins, project)) options.warn(warning);
  }
  return plugins;
}

host::VariableInputs givenVariables(const EngineOptions& options) {
  host::VariableInputs given;
  for (const auto& file : options.variableFiles) given.files.emplace_back(file);
  given.assignments = options.variables;
  return given;
}

namespace {

void maskSecrets(Session& session, const host::Variables& variables) {
  for (const auto& [name, variable] : variables) {
    if (!variable.secret) continue;
    std::vector<std::string> texts;
    host::collectTexts(variable.value, texts);
    for (const auto& text : texts) session.context().masking.add(text);
  }
}

}  // namespace

void maskKnownSecrets(Session& session, const EngineOptions& options, const host::Project& project) {
  maskSecrets(session, host::readKnownVariables(project, givenVariables(options)));
}

namespace {

Answer<std::map<std::string, host::AppHistory>> readHistories(Session& session,
                                                              const host::Project& project) {
  std::map<std::string, host::AppHistory> out;
  std::vector<kj::Promise<Result<host::AppHistory>>> asked;
  for (const auto& app : project.apps)
    asked.push_back(host::readHistory(session.context().store, project.name, app.name, project.workspace));
  for (std::size_t i = 0; i < asked.size(); ++i) {
    auto history = asked[i].wait(session.wait());
    if (!history) return Failure(std::move(history).error());
    out.emplace(project.apps[i].name, std::move(*history));
  }
  return out;
}

// What is wrong or missing goes to `mistakes` and is unknown from here on.
host::Variables variablesOf(const host::Project& project, const EngineOptions& options,
                            host::FileMistakes& mistakes) {
  auto read = host::readVariables(project, givenVariables(options));
  if (read) return std::move(*read);
  mistakes.add(std::move(read).error());
  host::Variables variables = host::readKnownVariables(project, givenVariables(options));
  for (const auto& declared : project.variables) {
    host::Datum unknown = host::Datum::unknown();
    unknown.secret = declared.secret;
    variables.try_emplace(declared.name, host::VariableValue{std::move(unknown), declared.secret, ""});
  }
  return variables;
}

}  // namespace

Answer<PreparedPlan> preparePlan(Session& session, const EngineOptions& options,
                                 const std::vector<std::string>& apps,
                                 const std::vector<wire::StageKind>& stages) {
  auto loaded = host::loadProjectWithMistakes(loadOptions(options));
  if (!loaded) return Failure(std::move(loaded).error());
  if (loaded->cutShort) return Failure(std::move(loaded->mistakes));
  const host::Project& project = loaded->project;
  host::FileMistakes mistakes(project, std::move(loaded->mistakes));
  host::Variables variables = variablesOf(project, options, mistakes);
  maskSecrets(session, variables);
  auto plugins = openPlugins(session, options, project, catalogFor(project));
  auto types = host::TypeGraphs::build(plugins, project);
  if (!types) {
    mistakes.add(std::move(types).error());
    return Failure(std::move(mistakes).take());
  }
  std::map<std::string, host::AppHistory> histories;
  if (mistakes.none()) histories = CAIRN_TRY(readHistories(session, project));
  host::SpawnGitRunner runner;
  host::GitSource git(project.root, runner);
  auto made = host::makePlan(session.context(), {project, variables, git, plugins, *types, histories},
                             {apps, stages, mistakes.appsInDoubt(), reasonsFor(options)});
  if (!made) {
    mistakes.add(std::move(made).error());
    return Failure(std::move(mistakes).take());
  }
  if (!mistakes.none()) return Failure(std::move(mistakes).take());
  auto known = session.context()
                   .store.checkProject(project.name, std::string(made->plan.reader().getOrigin()))
                   .wait(session.wait());
  if (!known && !options.adopt) return Failure(std::move(known).error());
  PreparedPlan prepared{std::move(made->plan),
                        {},
                        std::move(variables),
                        std::move(made->warnings),
                        types->schemas(),
                        std::move(made->questions),
                        std::move(made->gateCommands),
                        catalogFor(project)};
  prepared.file = project.file;
  for (const auto& app : project.apps) prepared.apps.push_back(app.name);
  if (auto warning = CAIRN_TRY(nearWorkspace(session, project)))
    prepared.warnings.insert(prepared.warnings.begin(), std::move(*warning));
  for (std::size_t index : made->plugins) prepared.plugins.push_back(plugins[index]);
  return prepared;
}

namespace {

// What all workspaces of a file share.
struct FileSurroundings {
  const host::PluginSet& plugins;
  host::GitSource& git;
};

struct Findings {
  std::vector<Error> errors, warnings;
};

Findings findingsIn(Session& session, const EngineOptions& options, const FileSurroundings& around) {
  auto loaded = host::loadProjectWithMistakes(loadOptions(options));
  if (!loaded) return {std::move(loaded).error(), {}};
  const host::Project& project = loaded->project;
  host::FileMistakes mistakes(project, std::move(loaded->mistakes));
  const host::Variables variables = variablesOf(project, options, mistakes);
  maskSecrets(session, variables);
  host::PluginSet plugins = around.plugins;
  host::leaveOutMisfits(plugins, project);
  auto types = host::TypeGraphs::build(plugins, project);
  if (!types) {
    mistakes.add(std::move(types).error());
    return {std::move(mistakes).take(), {}};
  }
  using wire::StageKind;
  auto made = host::makePlan(session.context(), {project, variables, around.git, plugins, *types, {}},
                             {options.apps,
                              {StageKind::BUILD, StageKind::PUSH, StageKind::DEPLOY, StageKind::RELEASE},
                              mistakes.appsInDoubt(),
                              reasonsFor(options)});
  if (made) return {std::move(mistakes).take(), std::move(made->warnings)};
  mistakes.add(std::move(made).error());
  return {std::move(mistakes).take(), {}};
}

// Adds those of a workspace that are not told yet.
void addNew(std::vector<Error>& told, std::vector<Error> found, const std::string& workspace) {
  // They tell of what is here and now, not of the file.
  static const std::vector<std::string> kOfToday = {"missing-variable", "need-absent"};
  for (Error& error : found) {
    const auto isSame = [&error](const Error& one) {
      return one.code == error.code && one.message == error.message &&
             one.position.line == error.position.line && one.position.column == error.position.column;
    };
    if (std::any_of(told.begin(), told.end(), isSame)) continue;
    if (std::find(kOfToday.begin(), kOfToday.end(), error.code) != kOfToday.end()) continue;
    told.push_back(std::move(error).context("checking the workspace \"" + workspace + "\""));
  }
}

}  // namespace

std::vector<std::string> checkOtherWorkspaces(Session& session, const EngineOptions& options,
                                              std::vector<Error>& told, std::vector<Error>& warnings) {
  auto chosen = host::loadProjectWithMistakes(loadOptions(options));
  if (!chosen || chosen->cutShort) return {};
  const host::Project& project = chosen->project;
  std::vector<std::string> others = project.workspaces;
  std::erase(others, project.workspace);
  if (others.empty()) return project.workspaces;
  const auto plugins =
      host::PluginSet::open(session.context().broker, catalogFor(project)).wait(session.wait());
  host::SpawnGitRunner runner;
  host::GitSource git(project.root, runner);
  for (const std::string& workspace : others) {
    EngineOptions there = options;
    there.workspace = workspace;
    Findings found = findingsIn(session, there, {plugins, git});
    addNew(told, std::move(found.errors), workspace);
    addNew(warnings, std::move(found.warnings), workspace);
  }
  return project.workspaces;
}

}  // namespace cairn::cli
