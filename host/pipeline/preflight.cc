#include "host/pipeline/preflight.h"

#include <host/pipeline/journal_host.h>
#include <host/pipeline/setting_place.h>
#include <host/pipeline/settings_value.h>

namespace cairn::host {
namespace {

constexpr auto kCheckDeadline = 60 * kj::SECONDS;

// One component's check, with what must live as long as it.
struct Check {
  kj::Own<JournalHost> host;
  kj::Promise<Result<std::vector<Error>>> answer;
  wire::Plan::App::Reader app;
  wire::Plan::Stage::Reader stage;
};

kj::Maybe<Check> begin(RunState& run, wire::Plan::App::Reader app, wire::Plan::Stage::Reader stage,
                       Errors& errors) {
  const LocatedPlugin& plugin = run.plugins[stage.getComponent().getPlugin()];
  auto component = plugin.manifest->component(stage.getComponent().getKind(), stage.getComponent().getName());
  KJ_IF_MAYBE (known, component) {
    if (!known->getChecks()) return nullptr;
    auto settings = settingsOf(run, app, stage, {}, true);
    if (!settings) {
      errors.push_back(std::move(settings).error());
      return nullptr;
    }
    Invocation invocation;
    invocation.kind = stage.getComponent().getKind();
    invocation.component = stage.getComponent().getName();
    invocation.settings = std::move(settings->value);
    auto emitter = run.emitter.forApp(app.getName()).forStage(stageName(stage.getKind()), plugin.bundle.name);
    auto host = kj::heap<JournalHost>(
        run.context, emitter,
        JournalScope{
            {}, false, {run.plan.getProject(), app.getName(), run.plan.getWorkspace()}, identityOf(plugin)});
    CallScope scope;
    scope.title = "check of " + std::string(app.getName()) + "'s " + stageName(stage.getKind());
    CallLimits limits;
    limits.deadline = kCheckDeadline;
    limits.cancel = run.context.whenCancelled();
    auto answer = run.context.broker.check(plugin, std::move(invocation), settings->unknown, *host,
                                           std::move(scope), kj::mv(limits));
    return Check{kj::mv(host), kj::mv(answer), app, stage};
  }
  return nullptr;
}

// What one check found, and all that found the same: a daemon that is down is one trouble, however many
// stages need it.
class Findings {
 public:
  void add(Error error, std::string where) {
    for (auto& finding : found_) {
      if (!isSame(finding.error, error)) continue;
      finding.where.push_back(std::move(where));
      return;
    }
    found_.push_back({std::move(error), {std::move(where)}});
  }
  void moveTo(Errors& errors) {
    for (auto& finding : found_) {
      errors.push_back(
          std::move(finding.error).context("checking " + listed(finding.where) + " before anything is done"));
    }
  }

 private:
  struct Finding {
    Error error;
    std::vector<std::string> where;
  };

  static bool isSame(const Error& a, const Error& b) {
    return a.code == b.code && a.message == b.message && a.detail == b.detail &&
           a.settingPath == b.settingPath;
  }
  static std::string listed(const std::vector<std::string>& where) {
    std::string out = where.front();
    for (std::size_t i = 1; i < where.size() && i < kNamed; ++i)
      out += (i + 1 == where.size() ? " and " : ", ") + where[i];
    return where.size() <= kNamed ? out : out + " and " + std::to_string(where.size() - kNamed) + " more";
  }

  static constexpr std::size_t kNamed = 3;
  std::vector<Finding> found_;
};

}  // namespace

Errors preflight(kj::WaitScope& wait, RunState& run) {
  Errors errors;
  auto starting = kj::heapArrayBuilder<kj::Promise<Result<void>>>(run.plugins.size());
  for (const LocatedPlugin& plugin : run.plugins) starting.add(run.context.broker.start(plugin));
  auto started = kj::joinPromises(starting.finish()).wait(wait);
  for (auto& one : started) {
    if (!one) errors.push_back(std::move(one).error());
  }
  if (!errors.empty()) return errors;

  std::vector<Check> checks;
  for (auto app : run.plan.getApps()) {
    for (auto stage : app.getStages()) {
      KJ_IF_MAYBE (check, begin(run, app, stage, errors)) checks.push_back(kj::mv(*check));
    }
  }
  Findings findings;
  for (auto& check : checks) {
    auto answer = check.answer.wait(wait);
    if (!answer) {
      errors.push_back(std::move(answer).error());
      continue;
    }
    for (auto& error : *answer) {
      findings.add(
          placed(std::move(error), check.app, check.stage),
          "the " + std::string(stageName(check.stage.getKind())) + " of " + std::string(check.app.getName()));
    }
  }
  findings.moveTo(errors);
  return errors;
}

}  // namespace cairn::host
