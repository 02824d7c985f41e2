#include "host/pipeline/app_run.h"

#include <cairn/dynamic/enum_name.h>
#include <host/pipeline/prune.h>
#include <host/pipeline/recorded_call.h>
#include <host/pipeline/recorded_gates.h>

#include <algorithm>

namespace cairn::host {
namespace {

// Another run may have removed it before this one had the app's lock.
Result<void> checkStands(wire::Record::Reader record) {
  if (record.getState() == wire::Record::State::DONE) return {};
  const bool isDeployment = record.getKind() == wire::RecordKind::DEPLOYMENT;
  return Error{.kind = ErrorKind::Refused,
               .code = "stale-plan",
               .message = "the plan is stale: the " + std::string(enumName(record.getKind())) +
                          (isDeployment ? " v" : " #") + std::to_string(record.getSequence()) + " of " +
                          std::string(record.getApp()) + ", which it starts from, is now " +
                          std::string(enumName(record.getState())),
               .hint = "plan again"};
}

// Values of earlier runs that this one starts from.
Result<void> loadRecorded(kj::WaitScope& wait, RunState& run, wire::Plan::Source::Reader source,
                          StageOutputs& outputs) {
  if (!source.isRecord()) return {};
  auto stored = CAIRN_TRY(run.context.store.record(std::string(source.getRecord())).wait(wait));
  auto record = stored.reader();
  CAIRN_TRY(checkStands(record));
  StageOutput output;
  output.recordId = record.getId();
  output.sequence = record.getSequence();
  output.url = record.getUrl();
  output.manifest = CAIRN_TRY(recordedSchemas(run.context.store, record).wait(wait));
  output.value = CAIRN_TRY(recordedValue(record, record.getValue(), output.manifest.get()));
  for (auto gate : record.getGates()) output.gates.push_back(readGate(gate));
  outputs[static_cast<wire::StageKind>(record.getKind())] = std::move(output);
  return {};
}

Result<void> loadRecords(kj::WaitScope& wait, RunState& run, wire::Plan::App::Reader app,
                         StageOutputs& outputs) {
  for (auto stage : app.getStages()) {
    for (auto derivation : stage.getInputs()) {
      CAIRN_TRY(loadRecorded(wait, run, derivation.getResult(), outputs));
      for (auto step : derivation.getSteps()) {
        for (auto input : step.getInputs()) CAIRN_TRY(loadRecorded(wait, run, input, outputs));
      }
    }
  }
  return {};
}

// Whether a rollback has something to go back to.
bool hasEarlierRelease(kj::WaitScope& wait, RunState& run, wire::Record::Reader serving) {
  auto releases = run.context.store
                      .records({.project = std::string(serving.getProject()),
                                .app = std::string(serving.getApp()),
                                .workspace = std::string(serving.getWorkspace()),
                                .kind = wire::RecordKind::RELEASE,
                                .states = {wire::Record::State::DONE}})
                      .wait(wait);
  return releases && std::any_of(releases->begin(), releases->end(), [&](const StoredRecord& release) {
           return release->getParent() != serving.getParent();
         });
}

// "v4 still serves", for the end of a run that failed; empty when nothing does. Where its release was made
// and something failed after it, what was to be released serves.
std::string stillServes(kj::WaitScope& wait, RunState& run, wire::Plan::App::Reader app,
                        const StageOutputs& outputs) {
  auto release =
      run.context.store.servingRelease({run.plan.getProject(), app.getName(), run.plan.getWorkspace()})
          .wait(wait);
  if (!release || !*release) return {};
  auto deployment = run.context.store.record(std::string((**release)->getParent())).wait(wait);
  if (!deployment) return {};
  const auto deployed = outputs.find(wire::StageKind::DEPLOY);
  const bool isNew = (**release)->getRunId() == run.id.c_str() && deployed != outputs.end();
  std::string text = "v" + std::to_string(deployment->reader().getSequence()) +
                     (isNew ? " serves all the same" : " still serves");
  if ((**release)->getUrl().size() > 0) text += " at " + std::string((**release)->getUrl());
  if (isNew && hasEarlierRelease(wait, run, (**release).reader()))
    text += "; 'cairn rollback --app " + std::string(app.getName()) + "' goes back";
  return text;
}

// Why an app's run did not come to its end.
struct Problem {
  std::string stage;  // empty: before the first one
  Error error;
};

// The problem, and what is still reached.
std::string reasonOf(const Masking& masking, const Problem& problem, const std::string& serves) {
  const std::string why = masking.mask(problem.error.message);
  return why + (why.empty() || serves.empty() ? "" : "; ") + serves;
}

void finish(const Emitter& emitter, const Masking& masking, const AppOutcome& outcome, const Problem& problem,
            const std::string& serves) {
  emitter.emit([&](wire::Event::Builder event) {
    auto finished = event.initAppFinished();
    finished.setOutcome(outcome.outcome);
    finished.setReason(reasonOf(masking, problem, serves));
    finished.setUrl(outcome.url);
    finished.setStage(problem.stage);
    finished.setCode(problem.error.code);
    finished.setServes(serves);
  });
}

}  // namespace

AppOutcome runApp(kj::WaitScope& wait, RunState& run, MapCache& mapped, wire::Plan::App::Reader app) {
  const Emitter emitter = run.emitter.forApp(app.getName());
  emitter.emit([](wire::Event::Builder event) { event.setAppStarted(); });
  AppOutcome outcome;
  StageOutputs outputs;
  Problem problem;
  Result<void> loaded = loadRecords(wait, run, app, outputs);
  if (!loaded) {
    emitter.diagnostic(loaded.error());
    outcome = {wire::Event::Outcome::FAILED, loaded.error().kind, {}};
    problem.error = loaded.error();
  }
  bool released = false;
  bool servesUnrecorded = false;
  for (auto stage : app.getStages()) {
    if (outcome.outcome != wire::Event::Outcome::DONE) break;
    if (*run.context.cancelled) {
      outcome = {wire::Event::Outcome::CANCELLED, ErrorKind::Cancelled, {}};
      break;
    }
    StageRun stageRun(run, mapped, app, stage, outputs);
    auto output = stageRun.execute(wait);
    if (!output) {
      servesUnrecorded = stageRun.servesUnrecorded();
      const bool cancelled = output.error().kind == ErrorKind::Cancelled || *run.context.cancelled;
      outcome = {cancelled ? wire::Event::Outcome::CANCELLED : wire::Event::Outcome::FAILED,
                 cancelled ? ErrorKind::Cancelled : output.error().kind,
                 {}};
      if (!cancelled) problem = {stageName(stage.getKind()), output.error()};
      break;
    }
    if (!output->url.empty()) outcome.url = output->url;
    released = released || stage.getKind() == wire::StageKind::RELEASE;
    outputs[stage.getKind()] = std::move(*output);
  }
  if (outcome.outcome == wire::Event::Outcome::DONE && released) pruneDeployments(wait, run, app);
  std::string serves;
  if (outcome.outcome != wire::Event::Outcome::DONE) {
    outcome.url.clear();
    if (!servesUnrecorded) serves = stillServes(wait, run, app, outputs);
  }
  finish(emitter, run.context.masking, outcome, problem, serves);
  return outcome;
}

}  // namespace cairn::host
