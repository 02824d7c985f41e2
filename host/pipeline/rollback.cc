#include "host/pipeline/rollback.h"

#include <host/pipeline/plan_chain.h>
#include <host/pipeline/recorded_gates.h>
#include <host/pipeline/reference.h>

#include <algorithm>
#include <set>

namespace cairn::host {
namespace {

using State = wire::Record::State;

Result<std::vector<StoredRecord>> deploymentsOf(kj::WaitScope& wait, Store& store, const AppScope& app) {
  return store
      .records({.project = app.project,
                .app = app.app,
                .workspace = app.workspace,
                .kind = wire::RecordKind::DEPLOYMENT})
      .wait(wait);
}

std::string named(wire::Record::Reader deployment) {
  return "v" + std::to_string(deployment.getSequence());
}

// "v3", "3", or the start of an id.
bool looksLikeVersion(const std::string& reference) {
  const std::string rest = reference[0] == 'v' || reference[0] == '#' ? reference.substr(1) : reference;
  return rest.find_first_not_of("0123456789abcdef-") == std::string::npos;
}

Error noSuchDeployment(const AppScope& app, const std::string& reference,
                       const std::vector<StoredRecord>& there) {
  Error error{ErrorKind::NotFound,
              "record-not-found",
              app.app + " has no deployment \"" + reference + "\" in the workspace " + app.workspace,
              {},
              {}};
  for (const auto& one : there) {
    if (one->getState() == State::DONE)
      error.hint += (error.hint.empty() ? "there are: " : ", ") + named(one.reader());
  }
  if (!looksLikeVersion(reference))
    error.hint += (error.hint.empty() ? "" : "; ") + ("an app is named with --app " + reference);
  return error;
}

bool matches(wire::Record::Reader record, const std::string& reference) {
  if (auto number = readNumber(reference)) return record.getSequence() == number->sequence;
  return reference.size() >= 4 && std::string(record.getId()).rfind(reference, 0) == 0;
}

Error ambiguous(const AppScope& app, const std::string& reference,
                const std::vector<const StoredRecord*>& candidates) {
  Error error{ErrorKind::Config,
              "record-ambiguous",
              "several deployments of " + app.app + " begin with \"" + reference + "\"",
              "give more of its id, or its version, such as " + named(candidates.front()->reader()),
              {}};
  for (const StoredRecord* one : candidates)
    error.detail += std::string((*one)->getId()) + "  " + named(one->reader()) + "\n";
  return error;
}

// Ids of the deployments that have served: the parents of releases that were made.
Result<std::set<std::string>> releasedOf(kj::WaitScope& wait, Store& store, const AppScope& app) {
  std::set<std::string> out;
  for (const auto& release : CAIRN_TRY(store
                                           .records({.project = app.project,
                            .app = app.app,
                            .workspace = app.workspace,
                            .kind = wire::RecordKind::RELEASE,
                            .states = {State::DONE}})
                                           .wait(wait)))
    out.insert(release->getParent());
  return out;
}

// After a rollback, or a deploy that was not released, others stand.
Error nothingBefore(const AppScope& app, wire::Record::Reader serving,
                    const std::vector<StoredRecord>& deployments) {
  std::string others, newest;
  bool anyOlder = false;
  for (const auto& one : deployments) {  // newest first
    if (one->getState() != State::DONE || one->getId() == serving.getId()) continue;
    others += (others.empty() ? "" : ", ") + named(one.reader());
    if (newest.empty()) newest = named(one.reader());
    anyOlder = anyOlder || one->getSequence() < serving.getSequence();
  }
  // An older one that still stands is none that was released.
  Error error{ErrorKind::NotFound,
              "nothing-before",
              "there is no " + std::string(anyOlder ? "released " : "") + "deployment of " + app.app +
                  " before " + named(serving) + ", which serves",
              "old ones are removed after a release; `keep` says how many stay",
              {}};
  if (others.empty()) return error;
  error.message += (anyOlder ? "; others are there: " : "; newer ones are there: ") + others;
  error.hint = "`cairn rollback " + newest + " --app " + app.app + "` lets " + newest + " serve";
  return error;
}

// The release's chains, with the gates that stand before it today.
Errors chains(const RollbackInputs& inputs, const TypeGraph& types, const App* today,
              wire::Manifest::Operation::Reader releasing, const StageFlow& flow, const ChainEnd& end,
              const std::function<std::uint16_t(std::size_t)>& numberOf, MapperEssences& essences,
              ChainQuestions& questions, wire::Plan::Stage::Builder out) {
  App gone;
  gone.name = end.app;
  // Only mappers of cairn.toml need it: a rollback by records alone minds no mistake in it.
  auto scope = planScope(inputs.project, today == nullptr ? gone : *today, StageKind::Release,
                         inputs.variables, processEnvironment(), inputs.git);
  static const std::set<std::string> noneFaulty;
  const ChainTools tools{inputs.plugins, types,     *inputs.types.schemas(),
                         inputs.project, numberOf,  scope ? &*scope : nullptr,
                         essences,       questions, noneFaulty,
                         inputs.reasons};
  Errors warnings;
  Errors errors = planChains(tools, end, releasing, flow, out, warnings);
  if (!errors.empty() || scope) return errors;
  for (auto input : out.getInputs()) {
    for (auto step : input.getSteps()) {
      if (step.hasDeclared()) return std::move(scope).error();
    }
  }
  return {};
}

// All of the plan but for the chains of its only stage, which is returned.
wire::Plan::Stage::Builder fillPlan(PipelineContext& context, const RollbackInputs& inputs,
                                    const RollbackChoice& choice, const std::string& origin,
                                    wire::Manifest::Operation::Reader releasing, wire::Plan::Builder plan) {
  auto release = choice.release.reader();
  const std::string root = inputs.project.root.string();
  plan.setProject(release.getProject());
  plan.setProjectPath(root);
  plan.setWorkspace(release.getWorkspace());
  plan.setMadeBy(context.version);
  plan.setMadeAtUnixMs(context.nowMs());
  plan.setGit(choice.deployment->getGit());
  plan.setOrigin(origin);
  auto app = plan.initApps(1)[0];
  app.setName(release.getApp());
  app.setPath(root);
  app.setKeep(UINT32_MAX);  // a rollback removes nothing
  app.setServing(choice.serving->getId());
  app.setServingVersion(choice.serving->getSequence());
  auto stage = app.initStages(1)[0];
  stage.setKind(wire::StageKind::RELEASE);
  stage.setComponent(release.getComponent());
  stage.getComponent().setPlugin(0);
  stage.initSettings().initTable(0);
  stage.setLabels(release.getLabels());
  stage.setOutput(releasing.getOutput());
  stage.setOutputName(inputs.plugins.typeName(releasing.getOutput()));
  return stage;
}

Error releaserGone(wire::Record::Reader release) {
  return Error{ErrorKind::Config,
               "cannot-release",
               "the releaser \"" + std::string(release.getComponent().getName()) + "\" of the plugin \"" +
                   std::string(release.getPlugin().getName()) +
                   "\", which made what serves, is no longer there",
               "release with `cairn release`, by today's file",
               {}};
}

}  // namespace

Result<StoredRecord> findDeployment(kj::WaitScope& wait, Store& store, const AppScope& app,
                                    const std::string& reference) {
  auto deployments = CAIRN_TRY(deploymentsOf(wait, store, app));
  std::vector<const StoredRecord*> found;
  for (const auto& deployment : deployments) {
    if (matches(deployment.reader(), reference)) found.push_back(&deployment);
  }
  if (found.empty()) return noSuchDeployment(app, reference, deployments);
  if (found.size() > 1) return ambiguous(app, reference, found);
  return std::move(deployments[static_cast<std::size_t>(found.front() - deployments.data())]);
}

Result<RollbackChoice> chooseRollback(kj::WaitScope& wait, Store& store, const AppScope& app,
                                      const std::string& reference) {
  auto release = CAIRN_TRY(store.servingRelease(app).wait(wait));
  if (!release) {
    auto deployments = CAIRN_TRY(deploymentsOf(wait, store, app));
    const bool deployed = std::any_of(deployments.begin(), deployments.end(),
                                      [](const auto& one) { return one->getState() == State::DONE; });
    return Error{ErrorKind::NotFound,
                 "nothing-serves",
                 "nothing of " + app.app + " is released in the workspace " + app.workspace,
                 deployed
                     ? "it is deployed: `cairn release --app " + app.app +
                           "` lets the newest deployment serve; where its platform has no releaser of its "
                           "own, give it an [app." +
                           app.app + ".release]"
                     : "run `cairn up`",
                 {}};
  }
  auto serving = CAIRN_TRY(store.record(std::string((*release)->getParent())).wait(wait));
  if (!reference.empty()) {
    auto wanted = CAIRN_TRY(findDeployment(wait, store, app, reference));
    if (wanted->getId() == serving->getId()) {
      return Error{ErrorKind::Refused,
                   "already-serves",
                   named(wanted.reader()) + " of " + app.app + " serves already",
                   {},
                   {}};
    }
    if (wanted->getState() != State::DONE) {
      return Error{ErrorKind::Refused,
                   "deployment-unusable",
                   named(wanted.reader()) + " of " + app.app +
                       (wanted->getState() == State::DESTROYED ? " was destroyed" : " never came to work"),
                   "`cairn deployment list` shows what there is",
                   {}};
    }
    return RollbackChoice{std::move(wanted), std::move(*release), std::move(serving)};
  }
  auto deployments = CAIRN_TRY(deploymentsOf(wait, store, app));
  const auto released = CAIRN_TRY(releasedOf(wait, store, app));
  for (auto& candidate : deployments) {
    if (candidate->getState() == State::DONE && candidate->getSequence() < serving->getSequence() &&
        released.count(candidate->getId().cStr()) > 0) {
      return RollbackChoice{std::move(candidate), std::move(*release), std::move(serving)};
    }
  }
  return nothingBefore(app, serving.reader(), deployments);
}

Result<Owned<wire::Plan>, Errors> planRollback(PipelineContext& context, const RollbackInputs& inputs,
                                               const RollbackChoice& choice, const std::string& origin,
                                               std::vector<LocatedPlugin>& used, ChainQuestions& questions,
                                               GateCommands& gateCommands) {
  const Project& project = inputs.project;
  const PluginSet& plugins = inputs.plugins;
  auto release = choice.release.reader();
  auto deployment = choice.deployment.reader();
  const App* today = project.app(release.getApp().cStr());
  const TypeGraph& types = inputs.types.of(release.getApp());
  MapperEssences essences(project, plugins);
  const GateEyes eyes{project, inputs.variables, inputs.git, types, essences};
  if (auto passed = checkRecordedGates(eyes, today, deployment); !passed)
    return Errors{std::move(passed).error()};
  const std::string pluginName = release.getPlugin().getName();
  auto index = plugins.find(pluginName);
  if (!index) {
    return Errors{Error{ErrorKind::NotFound,
                        "plugin-unknown",
                        "the releaser's plugin \"" + pluginName + "\" is no longer here",
                        "install it again, or name its path in [plugins." + pluginName + "]",
                        {}}};
  }
  std::vector<std::size_t> order{*index};
  const std::function<std::uint16_t(std::size_t)> numberOf = [&order](std::size_t inSet) {
    auto found = std::find(order.begin(), order.end(), inSet);
    if (found == order.end()) found = order.insert(order.end(), inSet);
    return static_cast<std::uint16_t>(found - order.begin());
  };
  auto component =
      plugins[*index].manifest->component(release.getComponent().getKind(), release.getComponent().getName());
  kj::Maybe<wire::Manifest::Operation::Reader> operation;
  KJ_IF_MAYBE (known, component) operation = operationOf(*known, wire::Manifest::Operation::Name::RELEASE);
  Owned<wire::Plan> plan;
  KJ_IF_MAYBE (releasing, operation) {
    auto stage = fillPlan(context, inputs, choice, origin, *releasing, *plan);
    StageFlow flow{deployment.getValue().getTypeId(), wire::StageKind::DEPLOY, deployment.getId(),
                   named(deployment) + " of " + std::string(release.getApp()), false};
    const ChainEnd end{release.getApp(), wire::StageKind::RELEASE, release.getComponent().getName(),
                       pluginName};
    Errors errors = chains(inputs, types, today, *releasing, flow, end, numberOf, essences, questions, stage);
    if (!errors.empty()) return errors;
  } else {
    return Errors{releaserGone(release)};
  }
  gateCommands = essences.takeGateCommands();
  auto list = plan->initPlugins(order.size());
  for (unsigned i = 0; i < list.size(); ++i) {
    used.push_back(plugins[order[i]]);
    writePluginUse(plugins[order[i]], list[i]);
  }
  return plan;
}

}  // namespace cairn::host
