#include "host/pipeline/plan_maker.h"

#include <cairn/base/near_names.h>
#include <host/broker/digest.h>
#include <host/pipeline/declared_check.h>
#include <host/pipeline/emitter.h>
#include <host/pipeline/gates_of_apps.h>
#include <host/pipeline/plan_stage.h>
#include <host/pipeline/plugin_fit.h>
#include <host/pipeline/recorded_gates.h>
#include <host/project/resolve_settings.h>

#include <algorithm>
#include <tuple>

namespace cairn::host {
namespace {

bool includes(const std::vector<wire::StageKind>& stages, wire::StageKind kind) {
  return std::find(stages.begin(), stages.end(), kind) != stages.end();
}

// The apps asked for, in an order that `needs` allows.
Result<std::vector<const App*>, Errors> chooseApps(const Project& project,
                                                   const std::vector<std::string>& asked) {
  std::vector<const App*> apps;
  Errors errors;
  std::vector<std::string> known;
  for (const auto& app : project.apps) known.push_back(app.name);
  for (const auto& name : asked) {
    if (project.app(name) != nullptr) continue;
    std::string hint = nearNameHint(name, known);
    if (hint.empty()) {
      hint = "it has:";
      for (const auto& one : known) hint += " " + one;
    }
    errors.push_back(
        Error{ErrorKind::Config, "unknown-app", project.file + " has no app \"" + name + "\"", hint, {}});
  }
  if (!errors.empty()) return errors;
  for (std::size_t index : project.appOrder()) {
    const App& app = project.apps[index];
    if (asked.empty() || std::find(asked.begin(), asked.end(), app.name) != asked.end()) apps.push_back(&app);
  }
  return apps;
}

// Where the first planned stage takes its main input from, when it is not the first of the app.
StageFlow flowFromRecords(const App& app, const AppHistory& history, wire::StageKind first) {
  auto from = [&](const std::optional<StoredRecord>& record, wire::StageKind stage) -> StageFlow {
    if (!record || (*record)->getValue().getTypeId() == 0) return {};
    return {(*record)->getValue().getTypeId(), stage, (*record)->getId(),
            std::string(stageName(stage)) + " of " + app.name};
  };
  switch (first) {
    case wire::StageKind::BUILD:
      return {};
    case wire::StageKind::PUSH:
      return from(history.build, wire::StageKind::BUILD);
    case wire::StageKind::DEPLOY:
      if (app.stage(StageKind::Push) != nullptr) return from(history.artifact, wire::StageKind::PUSH);
      return from(history.build, wire::StageKind::BUILD);
    case wire::StageKind::RELEASE:
      return from(history.deployment, wire::StageKind::DEPLOY);
  }
  return {};
}

// Whether the record that the plan starts from has passed what stands before the stages that made it.
Result<void> checkPassed(const PlanInputs& inputs, MapperEssences& essences, const App& app,
                         const AppHistory& history, const StageFlow& flow) {
  if (flow.record.empty()) return {};
  for (const auto* record : {&history.build, &history.artifact, &history.deployment}) {
    if (!*record || (**record)->getId() != flow.record.c_str()) continue;
    const GateEyes eyes{inputs.project, inputs.variables, inputs.git, inputs.types.of(app.name), essences};
    return checkRecordedGates(eyes, &app, (*record)->reader());
  }
  return {};
}

Error nothingToTake(const App& app, wire::StageKind stage) {
  const char* before = stage == wire::StageKind::PUSH          ? "build"
                       : stage == wire::StageKind::RELEASE     ? "deploy"
                       : app.stage(StageKind::Push) != nullptr ? "push"
                                                               : "build";
  return Error{ErrorKind::Config,
               "no-artifact",
               std::string("there is nothing to ") + stageName(stage) + " for " + app.name + ": no " +
                   before + " of it is on record in this workspace",
               std::string("run `cairn ") + before + "` first, or `cairn up` for all stages",
               {}};
}

// An app that is needed, is not part of this run, and neither serves nor is deployed.
void warnOfAbsent(const PlanInputs& inputs, const App& app, const std::set<std::string_view>& chosen,
                  Errors& warnings) {
  for (const Need& need : app.needs) {
    if (chosen.count(need.app) > 0) continue;
    const App* needed = inputs.project.app(need.app);
    if (needed == nullptr) continue;
    const bool releases = !stagesOf(*needed, inputs.plugins, {wire::StageKind::RELEASE}).empty();
    auto known = inputs.history.find(need.app);
    if (known != inputs.history.end() && (releases ? known->second.release : known->second.deployment))
      continue;
    warnings.push_back({.kind = ErrorKind::Config,
                        .code = "need-absent",
                        .message = app.name + " needs " + need.app + ", which is not " +
                                   (releases ? "released" : "deployed") + " in the workspace " +
                                   inputs.project.workspace,
                        .hint = "run it as well: --app " + need.app + " --app " + app.name,
                        .position = need.position});
  }
}

bool needsArtifact(const App& app, wire::StageKind first) {
  switch (first) {
    case wire::StageKind::BUILD:
      return false;
    case wire::StageKind::PUSH:
      return app.stage(StageKind::Build) != nullptr;
    case wire::StageKind::DEPLOY:
      return app.stage(StageKind::Build) != nullptr || app.stage(StageKind::Push) != nullptr;
    case wire::StageKind::RELEASE:
      return true;
  }
  return false;
}

// In a few words what a deploy would change against what serves.
std::string changeAgainst(const AppHistory& history, wire::Plan::Reader plan,
                          wire::Plan::Stage::Reader stage) {
  if (!history.serving) return history.release ? "" : "first deployment";
  auto serving = history.serving->reader();
  std::string out = "v" + std::to_string(serving.getSequence()) + " serves";
  auto short7 = [](kj::StringPtr commit) { return std::string(commit.cStr()).substr(0, 7); };
  if (serving.getGit().getPretty() != plan.getGit().getPretty()) {
    auto label = [&](wire::GitFacts::Reader git) {
      return git.getPretty().size() > 0 ? std::string(git.getPretty()) : short7(git.getCommit());
    };
    if (!label(serving.getGit()).empty() || !label(plan.getGit()).empty())
      out += ", " + label(serving.getGit()) + " → " + label(plan.getGit());
  }
  if (serving.getValue().getTypeId() != stage.getOutput()) out += ", another platform";
  return out;
}

// What stands before the app as a whole and can't be passed by any of its stages is told once, not by each.
bool closedGates(const TypeGraph& types, const App& app, Errors& errors) {
  bool found = false;
  for (const AppGate& gate : types.gates()) {
    if (!gate.closed) continue;
    errors.push_back(closedGate(gate, app));
    found = true;
  }
  return found;
}

// One gate may stand before stages of many apps: what is wrong with it is told once.
void dropRepeated(Errors& errors) {
  std::set<std::tuple<std::string, int, int, std::string>> told;
  std::erase_if(errors, [&](const Error& error) {
    const SourcePosition& place = error.position;
    return place.known() && !told.emplace(error.code, place.line, place.column, error.message).second;
  });
}

std::string_view bytesOf(capnp::Data::Reader data) {
  return {data.asChars().begin(), data.size()};
}

std::string inputDigest(const PlanInputs& inputs, wire::Plan::Reader plan) {
  Digester digester;
  auto add = [&digester](kj::StringPtr text) { digester.add({text.begin(), text.size()}); };
  digester.add(inputs.project.source).add(inputs.types.typesDigest());
  add(plan.getWorkspace());
  add(plan.getGit().getCommit());
  add(plan.getGit().getPretty());
  for (auto plugin : plan.getPlugins()) {
    add(plugin.getName());
    digester.add({plugin.getBundleDigest().asChars().begin(), plugin.getBundleDigest().size()});
  }
  for (const auto& [name, variable] : inputs.variables)
    digester.add(name).add(variable.secret ? "secret" : toJson(variable.value));
  for (auto app : plan.getApps()) {
    add(app.getName());
    add(app.getServing());
    for (auto stage : app.getStages()) {
      add(stageName(stage.getKind()));
      for (auto gate : stage.getGates()) digester.add(bytesOf(gate.getDigest()));
      for (auto input : stage.getInputs()) {
        for (auto step : input.getSteps()) digester.add(bytesOf(step.getDeclared().getDigest()));
      }
    }
  }
  return digester.finish();
}

const AppHistory& historyOf(const PlanInputs& inputs, const App& app) {
  static const AppHistory none;
  auto known = inputs.history.find(app.name);
  return known == inputs.history.end() ? none : known->second;
}

// What all apps of one plan share while it is made.
struct Making {
  const PlanInputs& inputs;
  const PlanRequest& request;
  MapperEssences& essences;
  const std::set<std::string>& faulty;
  const std::set<std::string_view>& names;  // of the plan's apps
  MadePlan& made;
  Errors& errors;

  void planApp(const App& app, wire::Plan::App::Builder out) const {
    const AppHistory& history = historyOf(inputs, app);
    out.setName(app.name);
    out.setPath(app.path.string());
    out.setKeep(app.keep);
    auto needs = out.initNeeds(app.needs.size());
    for (unsigned i = 0; i < needs.size(); ++i) needs.set(i, app.needs[i].app);
    if (history.serving) {
      out.setServing((*history.serving)->getId());
      out.setServingVersion((*history.serving)->getSequence());
    }
    if (closedGates(inputs.types.of(app.name), app, errors)) return;
    planStages(app, history, out);
    if (includes(request.stages, wire::StageKind::DEPLOY)) warnOfAbsent(inputs, app, names, made.warnings);
  }

 private:
  void planStages(const App& app, const AppHistory& history, wire::Plan::App::Builder out) const {
    const std::function<std::uint16_t(std::size_t)> numberOf = [this](std::size_t inSet) {
      auto found = std::find(made.plugins.begin(), made.plugins.end(), inSet);
      if (found == made.plugins.end()) found = made.plugins.insert(made.plugins.end(), inSet);
      return static_cast<std::uint16_t>(found - made.plugins.begin());
    };
    StagePlanner planner(inputs, app, numberOf, essences, made.questions, faulty, request.reasons);
    const auto stages = stagesOf(app, inputs.plugins, request.stages);
    auto outStages = out.initStages(stages.size());
    StageFlow flow;
    const auto& unsure = request.inDoubt;
    const bool inDoubt = std::find(unsure.begin(), unsure.end(), app.name) != unsure.end();
    for (unsigned i = 0; i < outStages.size(); ++i) {
      if (i == 0 && !begin(app, history, wireKind(stages[i].kind), flow)) break;
      if (inDoubt) flow.broken = true;
      outStages[i].setImplicit(app.stage(stages[i].kind) == nullptr);
      planner.plan(stages[i], flow, outStages[i]);
    }
    std::move(planner.errors().begin(), planner.errors().end(), std::back_inserter(errors));
    std::move(planner.warnings().begin(), planner.warnings().end(), std::back_inserter(made.warnings));
  }

  // What the first stage takes; false where it may not be taken.
  bool begin(const App& app, const AppHistory& history, wire::StageKind first, StageFlow& flow) const {
    flow = flowFromRecords(app, history, first);
    if (flow.type == 0 && needsArtifact(app, first)) {
      errors.push_back(nothingToTake(app, first));
      flow.broken = true;
    }
    auto passed = checkPassed(inputs, essences, app, history, flow);
    if (!passed) errors.push_back(std::move(passed).error());
    return passed.has_value();
  }
};

void writeMadeWith(const PlanInputs& inputs, const MadePlan& made, wire::Plan::Builder plan) {
  const auto& git = inputs.git.facts();
  plan.setOrigin(git && !git->remote.empty() ? git->remote : inputs.project.root.string());
  auto plugins = plan.initPlugins(made.plugins.size());
  for (unsigned i = 0; i < plugins.size(); ++i) writePluginUse(inputs.plugins[made.plugins[i]], plugins[i]);
  auto variables = plan.initVariables(inputs.variables.size());
  unsigned next = 0;
  for (const auto& [name, value] : inputs.variables) writeVariable(name, value, variables[next++]);
}

// Against what was deployed last.
void writeChanges(const PlanInputs& inputs, wire::Plan::Builder plan) {
  for (auto app : plan.getApps()) {
    auto known = inputs.history.find(app.asReader().getName().cStr());
    if (known == inputs.history.end()) continue;
    for (auto stage : app.getStages()) {
      if (stage.getKind() == wire::StageKind::DEPLOY)
        stage.setChanged(changeAgainst(known->second, plan.asReader(), stage.asReader()));
    }
  }
}

}  // namespace

std::vector<Stage> stagesOf(const App& app, const PluginSet& plugins,
                            const std::vector<wire::StageKind>& asked) {
  std::vector<Stage> stages;
  for (const Stage& stage : app.stages) {
    if (includes(asked, wireKind(stage.kind))) stages.push_back(stage);
  }
  const Stage* deploy = app.stage(StageKind::Deploy);
  if (!includes(asked, wire::StageKind::RELEASE) || app.stage(StageKind::Release) != nullptr ||
      deploy == nullptr)
    return stages;
  auto platform = plugins.choose(wire::Manifest::Component::Kind::PLATFORM, deploy->use);
  if (!platform || platform->component.getDefaultReleaser().size() == 0) return stages;
  Stage release;
  release.kind = StageKind::Release;
  release.use = plugins[platform->plugin].bundle.name + "/" + platform->component.getDefaultReleaser().cStr();
  release.usePosition = deploy->usePosition;
  release.position = deploy->position;
  stages.push_back(std::move(release));
  return stages;
}

Result<MadePlan, Errors> makePlan(PipelineContext& context, const PlanInputs& inputs,
                                  const PlanRequest& request) {
  auto chosen = chooseApps(inputs.project, request.apps);
  if (!chosen) return std::move(chosen).error();
  const std::vector<const App*>& apps = *chosen;
  MadePlan made;
  auto plan = *made.plan;
  Errors errors;
  const Project& project = inputs.project;
  plan.setProject(project.name);
  plan.setProjectPath(project.root.string());
  plan.setWorkspace(project.workspace);
  plan.setMadeBy(context.version);
  plan.setMadeAtUnixMs(context.nowMs());

  MapperEssences essences(project, inputs.plugins);
  const std::set<std::string> faulty = checkDeclared(inputs, essences, errors);
  std::set<std::string_view> names;
  for (const App* app : apps) names.insert(app->name);
  const Making making{inputs, request, essences, faulty, names, made, errors};
  auto list = plan.initApps(apps.size());
  for (unsigned i = 0; i < list.size(); ++i) making.planApp(*apps[i], list[i]);
  // Git is asked once, for expressions and for the records alike; outside a checkout there is nothing to ask.
  const auto& git = inputs.git.facts();
  if (git) writeGitFacts(*git, plan.initGit());
  tellBrokenOnce(inputs.plugins, errors);
  dropRepeated(errors);
  if (!errors.empty()) return errors;

  writeMadeWith(inputs, made, plan);
  writeChanges(inputs, plan);
  made.gateCommands = essences.takeGateCommands();
  const std::string digest = inputDigest(inputs, plan.asReader());
  plan.setInputDigest(kj::StringPtr(digest.data(), digest.size()).asBytes());
  return made;
}

wire::Manifest::Component::Kind componentKind(wire::StageKind stage) {
  return static_cast<wire::Manifest::Component::Kind>(
      stage);  // both enumerate builder, registry, platform, releaser
}
wire::Manifest::Operation::Name operationName(wire::StageKind stage) {
  return static_cast<wire::Manifest::Operation::Name>(stage);
}
wire::RecordKind recordKind(wire::StageKind stage) {
  return static_cast<wire::RecordKind>(stage);
}
wire::StageKind wireKind(StageKind kind) {
  return static_cast<wire::StageKind>(kind);
}
StageKind projectKind(wire::StageKind kind) {
  return static_cast<StageKind>(kind);
}

}  // namespace cairn::host
