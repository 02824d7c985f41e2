#include "cli/engine/local_engine.h"

#include "cli/engine/guarded.h"
#include "host/broker/work_folder.h"
#include "host/pipeline/destroy.h"
#include "host/pipeline/plan_run.h"
#include "host/pipeline/recorded_call.h"
#include "host/pipeline/recorded_gates.h"
#include "host/pipeline/rollback.h"
#include "host/pipeline/settings_value.h"
#include "host/pipeline/status.h"

#include <cairn/base/near_names.h>

#include <algorithm>

namespace cairn::cli {

Answer<void> LocalEngine::checkApps(const OpenedProject& opened) {
  std::vector<std::string> known;
  for (const auto& app : opened.project.apps) known.push_back(app.name);
  auto isKnown = [&](const std::string& app) {
    return std::find(known.begin(), known.end(), app) != known.end();
  };
  if (std::all_of(options_.apps.begin(), options_.apps.end(), isKnown)) return {};
  host::RecordFilter all{.project = opened.project.name, .workspace = opened.project.workspace};
  for (const auto& record :
       CAIRN_TRY(orFailure(session_->context().store.records(std::move(all)).wait(session_->wait())))) {
    known.emplace_back(record->getApp().cStr());
  }
  for (const auto& app : options_.apps) {
    if (isKnown(app)) continue;
    return Failure(Error{.kind = ErrorKind::Config,
                         .code = "unknown-app",
                         .message = "there is no app \"" + app + "\", neither in " + opened.project.file +
                                    " nor on record in the workspace " + opened.project.workspace,
                         .hint = nearNameHint(app, known)});
  }
  return {};
}

Answer<std::string> LocalEngine::oneApp(const OpenedProject& opened) {
  CAIRN_TRY(checkApps(opened));
  if (options_.apps.size() == 1) return options_.apps[0];
  if (options_.apps.empty() && opened.project.apps.size() == 1) return opened.project.apps[0].name;
  std::string names;
  for (const auto& app : opened.project.apps) names += (names.empty() ? "" : ", ") + app.name;
  return Failure(Error{.kind = ErrorKind::Config,
                       .code = "which-app",
                       .message = options_.apps.empty() ? "the project has several apps: " + names
                                                        : "this is about one app, and several were named",
                       .hint = "say which, with --app NAME"});
}

Answer<host::AppScope> LocalEngine::oneScope(const OpenedProject& opened) {
  return host::AppScope{opened.project.name, CAIRN_TRY(oneApp(opened)), opened.project.workspace};
}

Answer<ValidReport> LocalEngine::validate(EventSink& sink) {
  return guarded<ValidReport>([&]() -> Answer<ValidReport> {
    session_->tell(sink);
    using wire::StageKind;
    auto prepared = preparePlan(*session_, options_, options_.apps,
                                {StageKind::BUILD, StageKind::PUSH, StageKind::DEPLOY, StageKind::RELEASE});
    std::vector<Error> errors, warnings;
    if (prepared)
      warnings = std::move(prepared->warnings);
    else
      errors = std::move(prepared).error().errors;
    auto workspaces = checkOtherWorkspaces(*session_, options_, errors, warnings);
    if (!errors.empty()) return Failure(std::move(errors));
    return ValidReport{prepared->plan.reader().getProject().cStr(), std::move(prepared->file),
                       std::move(prepared->apps), std::move(workspaces), std::move(warnings)};
  });
}

Answer<Owned<wire::Plan>> LocalEngine::plan(const RunRequest& request, EventSink& sink) {
  return guarded<Owned<wire::Plan>>([&]() -> Answer<Owned<wire::Plan>> {
    session_->tell(sink);
    prepared_ = CAIRN_TRY(preparePlan(*session_, options_, options_.apps, request.stages));
    for (const Error& warning : prepared_->warnings) {
      host::Emitter(session_->context(), {}).diagnostic(warning, wire::Diagnostic::Severity::WARNING);
    }
    return Owned<wire::Plan>(prepared_->plan.reader());
  });
}

Answer<PreparedPlan> LocalEngine::planFor(wire::Plan::Reader plan) {
  if (prepared_ && prepared_->plan.reader().getInputDigest() == plan.getInputDigest() &&
      prepared_->plan.reader().getMadeAtUnixMs() == plan.getMadeAtUnixMs()) {
    return std::move(*prepared_);
  }
  // A plan from a file: made anew from the same request, it must come out the same. What is run is the new
  // one: nothing that is only written in a file is believed.
  std::vector<std::string> apps;
  std::vector<wire::StageKind> stages;
  for (auto app : plan.getApps()) {
    apps.emplace_back(app.getName().cStr());
    for (auto stage : app.getStages()) {
      if (std::find(stages.begin(), stages.end(), stage.getKind()) == stages.end())
        stages.push_back(stage.getKind());
    }
  }
  EngineOptions options = options_;
  options.workspace = plan.getWorkspace().cStr();
  auto now = CAIRN_TRY(preparePlan(*session_, options, apps, stages));
  auto differences = host::planDifferences(plan, now.plan.reader());
  if (!differences.empty()) {
    Error error{.kind = ErrorKind::Refused,
                .code = "stale-plan",
                .message = "the plan is stale: what it was made from has changed",
                .hint = "plan again, and look at it again"};
    for (const auto& line : differences) error.detail += line + "\n";
    return Failure(std::move(error));
  }
  return now;
}

Answer<RunReport> LocalEngine::runPrepared(PreparedPlan& prepared,
                                           std::optional<host::StageSettings> recorded, EventSink& sink) {
  session_->tell(sink);
  auto emitter = session_->newRun();
  host::RunState state{session_->context(),
                       emitter,
                       emitter.run(),
                       prepared.plan.reader(),
                       std::move(prepared.plugins),
                       std::move(prepared.variables),
                       std::move(recorded),
                       prepared.schemas,
                       std::move(prepared.questions),
                       std::move(prepared.gateCommands),
                       std::move(prepared.catalog)};
  auto report = host::runPlan(session_->wait(), state, options_.commandLine, options_.adopt);
  if (!report) return Failure(std::move(report).error());
  return RunReport{report->outcome, report->kind};
}

Answer<RunReport> LocalEngine::run(wire::Plan::Reader plan, EventSink& sink) {
  return guarded<RunReport>([&]() -> Answer<RunReport> {
    session_->tell(sink);
    auto prepared = CAIRN_TRY(planFor(plan));
    return runPrepared(prepared, std::nullopt, sink);
  });
}

Answer<RollbackCandidate> LocalEngine::rollbackCandidate(const std::string& deployment, EventSink* sink) {
  return guarded<RollbackCandidate>([&]() -> Answer<RollbackCandidate> {
    if (sink == nullptr)
      session_->beQuiet();
    else
      session_->tell(*sink);
    OpenedProject opened = CAIRN_TRY(openForRecords(*session_, options_));
    auto scope = CAIRN_TRY(oneScope(opened));
    auto choice = CAIRN_TRY(
        orFailure(host::chooseRollback(session_->wait(), session_->context().store, scope, deployment)));
    if (sink != nullptr) {
      choice.deployment = host::withStatusOfNow(session_->wait(), session_->context(), opened.catalog,
                                                session_->newRun(), std::move(choice.deployment));
    }
    return RollbackCandidate{Owned<wire::Record>(choice.deployment.reader()),
                             std::make_unique<Owned<wire::Record>>(choice.serving.reader())};
  });
}

namespace {

// A file with mistakes opens no gate. One without gates is read without its mappers, which mistakes may be
// in.
Answer<void> checkGatesOfFaulty(OpenedProject& opened, const std::string& app,
                                const host::RollbackChoice& choice) {
  CAIRN_TRY(orFailure(host::checkGatesOfServing(choice.release.reader(), choice.deployment.reader())));
  host::Project& project = opened.project;
  if (host::mayHideGates(opened, app))
    return Failure(host::gatesUnknown(choice.deployment.reader(), opened.mistakes));
  const bool guarded = std::any_of(project.mappers.begin(), project.mappers.end(),
                                   [&](const auto& mapper) { return mapper.isGate() && mapper.isFor(app); });
  if (guarded) return {};
  project.mappers.clear();
  project.mapperRules = {};
  project.typeFiles.clear();
  return {};
}

}  // namespace

Answer<RunReport> LocalEngine::rollback(const std::string& deploymentId, EventSink& sink) {
  return guarded<RunReport>([&]() -> Answer<RunReport> {
    session_->tell(sink);
    auto& context = session_->context();
    OpenedProject opened = CAIRN_TRY(openForRecords(*session_, options_));
    maskKnownSecrets(*session_, options_, opened.project);
    auto scope = CAIRN_TRY(oneScope(opened));
    auto choice =
        CAIRN_TRY(orFailure(host::chooseRollback(session_->wait(), context.store, scope, deploymentId)));
    auto plugins = openPlugins(*session_, options_, opened.project, opened.catalog);
    if (!opened.isWhole()) CAIRN_TRY(checkGatesOfFaulty(opened, scope.app, choice));
    auto types = host::TypeGraphs::build(plugins, opened.project);
    if (!types) return Failure(std::move(types).error());
    auto variables = host::readVariables(opened.project, givenVariables(options_));
    host::SpawnGitRunner runner;
    host::GitSource git(opened.project.root, runner);
    std::string origin = opened.project.root.string();
    auto known = CAIRN_TRY(orFailure(context.store.projects().wait(session_->wait())));
    for (const auto& project : known) {
      if (project.name == opened.project.name) origin = project.origin;
    }
    PreparedPlan prepared;
    if (variables) prepared.variables = std::move(*variables);
    const host::RollbackInputs inputs{opened.project, prepared.variables,  git, plugins,
                                      *types,         reasonsFor(options_)};
    auto planned = host::planRollback(context, inputs, choice, origin, prepared.plugins, prepared.questions,
                                      prepared.gateCommands);
    if (!planned) return Failure(std::move(planned).error());
    prepared.plan = std::move(*planned);
    prepared.schemas = types->schemas();
    prepared.catalog = opened.catalog;
    host::StageSettings recorded;
    recorded.value = recorded.recorded = CAIRN_TRY(
        orFailure(host::recordedValue(choice.release.reader(), choice.release->getConfig(), nullptr)));
    return runPrepared(prepared, std::move(recorded), sink);
  });
}

Answer<std::vector<host::StoredRecord>> LocalEngine::targetsOf(const OpenedProject& opened,
                                                               const DestroyRequest& request) {
  auto& store = session_->context().store;
  const auto& project = opened.project;
  (void)store.recoverInterrupted(project.name).wait(session_->wait());
  host::removeAbandonedWorkFolders();
  CAIRN_TRY(checkApps(opened));
  if (request.deployment.empty()) {
    std::vector<std::string> apps = options_.apps;
    if (apps.empty() && !request.project) {
      for (const auto& app : project.apps) apps.push_back(app.name);
    }
    auto targets = CAIRN_TRY(
        orFailure(host::findDestroyTargets(session_->wait(), store, project.name, project.workspace, apps)));
    return std::move(targets.records);
  }
  auto scope = CAIRN_TRY(oneScope(opened));
  auto deployment =
      CAIRN_TRY(orFailure(host::findDeployment(session_->wait(), store, scope, request.deployment)));
  auto release = CAIRN_TRY(orFailure(store.servingRelease(scope).wait(session_->wait())));
  if (release && (*release)->getParent() == deployment->getId()) {
    return Failure(
        Error{.kind = ErrorKind::Refused,
              .code = "deployment-serves",
              .message = "v" + std::to_string(deployment->getSequence()) + " of " + scope.app + " serves",
              .hint = "release another deployment first, or destroy the whole app"});
  }
  std::vector<host::StoredRecord> targets;
  if (deployment->getState() != wire::Record::State::DESTROYED) targets.push_back(std::move(deployment));
  return targets;
}

Answer<std::vector<RecordPtr>> LocalEngine::destroyTargets(const DestroyRequest& request) {
  return guarded<std::vector<RecordPtr>>([&]() -> Answer<std::vector<RecordPtr>> {
    session_->beQuiet();
    OpenedProject opened = CAIRN_TRY(openForRecords(*session_, options_));
    std::vector<RecordPtr> out;
    for (const auto& record : CAIRN_TRY(targetsOf(opened, request)))
      out.push_back(std::make_unique<Owned<wire::Record>>(record.reader()));
    return out;
  });
}

Answer<RunReport> LocalEngine::destroy(const DestroyRequest& request, EventSink& sink) {
  return guarded<RunReport>([&]() -> Answer<RunReport> {
    session_->tell(sink);
    OpenedProject opened = CAIRN_TRY(openForRecords(*session_, options_));
    maskKnownSecrets(*session_, options_, opened.project);
    host::AgreedTargets agreed;
    agreed.ids = {request.agreed.begin(), request.agreed.end()};
    for (const auto& target : CAIRN_TRY(targetsOf(opened, request))) agreed.apps.insert(target->getApp());
    agreed.find = [&]() -> Result<std::vector<host::StoredRecord>, host::Errors> {
      auto targets = targetsOf(opened, request);
      if (!targets) return std::move(targets).error().errors;
      return std::move(*targets);
    };
    auto report =
        host::destroyTargets(session_->wait(), session_->context(), opened.catalog, session_->newRun(),
                             opened.project.name, opened.project.workspace, agreed, options_.commandLine);
    if (!report) return Failure(std::move(report).error());
    return RunReport{report->outcome, report->kind};
  });
}

Answer<std::unique_ptr<Engine>> openEngine(const EngineOptions& options, const Interrupt& interrupt,
                                           Masker& masker) {
  auto session = CAIRN_TRY(orFailure(Session::open(options, interrupt, masker)));
  return std::unique_ptr<Engine>(std::make_unique<LocalEngine>(options, std::move(session)));
}

}  // namespace cairn::cli
