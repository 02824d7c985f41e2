#include "host/pipeline/stage_run.h"

#include <host/broker/digest.h>
#include <host/pipeline/given_values.h>
#include <host/pipeline/hooks.h>
#include <host/pipeline/plan_maker.h>
#include <host/pipeline/recorded_call.h>
#include <host/pipeline/setting_place.h>
#include <host/pipeline/type_graph.h>
#include <host/pipeline/value_facts.h>

namespace cairn::host {
namespace {

capnp::Data::Reader asData(const std::string& bytes) {
  return kj::StringPtr(bytes.c_str(), bytes.size()).asBytes();
}

// Where the main input of a stage was made: what its record names as its parent.
std::string parentOf(wire::StageKind kind, const StageOutputs& outputs) {
  auto idOf = [&](wire::StageKind stage) {
    auto found = outputs.find(stage);
    return found == outputs.end() ? std::string() : found->second.recordId;
  };
  switch (kind) {
    case wire::StageKind::BUILD:
      return {};
    case wire::StageKind::PUSH:
      return idOf(wire::StageKind::BUILD);
    case wire::StageKind::DEPLOY:
      return idOf(wire::StageKind::PUSH).empty() ? idOf(wire::StageKind::BUILD) : idOf(wire::StageKind::PUSH);
    case wire::StageKind::RELEASE:
      return idOf(wire::StageKind::DEPLOY);
  }
  return {};
}

}  // namespace

StageRun::StageRun(RunState& run, MapCache& mapped, wire::Plan::App::Reader app,
                   wire::Plan::Stage::Reader stage, const StageOutputs& outputs)
    : run_(run),
      context_(run.context),
      mapped_(mapped),
      app_(app),
      stage_(stage),
      outputs_(outputs),
      plugin_(run.plugins[stage.getComponent().getPlugin()]),
      emitter_(run.emitter.forApp(app.getName()).forStage(stageName(stage.getKind()), plugin_.bundle.name)),
      started_(run.context.timer().now()) {}

std::string StageRun::title() const {
  return std::string(stageName(stage_.getKind())) + " of " + std::string(app_.getName());
}

Result<StageOutput> StageRun::execute(kj::WaitScope& wait) {
  auto settled = settingsOf(run_, app_, stage_, outputs_, false);
  Result<void> begun = settled ? begin(wait, *settled) : Result<void>(settled.error());
  if (!begun) {
    emitter_.diagnostic(begun.error());
    return std::move(begun).error();
  }
  auto output = act(wait, *settled);
  if (!output) {
    fail(wait, output.error());
    return output;
  }
  emitter_.emit([&](wire::Event::Builder event) {
    auto finished = event.initStageFinished();
    finished.setOutcome(wire::Event::Outcome::DONE);
    finished.setRecordId(output->recordId);
    finished.setSequence(deployment().sequence);
    finished.setUrl(output->url);
    finished.setDurationMs(
        static_cast<std::uint64_t>((context_.timer().now() - started_) / kj::MILLISECONDS));
  });
  return output;
}

Result<void> StageRun::begin(kj::WaitScope& wait, const StageSettings& settings) {
  const std::vector<std::uint64_t> schemaWords = plugin_.manifest->schemaWords();
  const std::string_view schemaBytes(reinterpret_cast<const char*>(schemaWords.data()),
                                     schemaWords.size() * 8);
  const std::string schema = digestOf(schemaBytes);
  CAIRN_TRY(context_.store
                .putSchema(asData(schema),
                           kj::ArrayPtr<const char>(schemaBytes.data(), schemaBytes.size()).asBytes())
                .wait(wait));

  auto record = *record_;
  record.setId(newId(context_.clock));
  record.setKind(recordKind(stage_.getKind()));
  record.setProject(run_.plan.getProject());
  record.setApp(app_.getName());
  record.setWorkspace(run_.plan.getWorkspace());
  record.setRunId(run_.id);
  record.setParent(parentOf(stage_.getKind(), outputs_));
  record.setGit(run_.plan.getGit());
  record.setLabels(stage_.getLabels());
  record.setStartedUnixMs(context_.nowMs());
  record.setSchema(asData(schema));
  writeActor(context_.actor, record.initActor());
  writeValue(settings.recorded, record.initConfig());
  auto secrets = record.initSecretSettings(settings.secret.size());
  for (unsigned i = 0; i < secrets.size(); ++i) secrets[i].setName(settings.secret[i]);
  record.setComponent(stage_.getComponent());
  record.setRollback(run_.recordedSettings.has_value());
  auto plugin = record.initPlugin();
  plugin.setName(plugin_.bundle.name);
  plugin.setVersion(plugin_.manifest->reader().getVersion());
  plugin.setBundleDigest(asData(plugin_.digest));
  plugin.setPath(plugin_.bundle.executable.string());
  auto begun = CAIRN_TRY(context_.store.beginRecord(record_.reader()).wait(wait));
  record_ = Owned<wire::Record>(begun.reader());

  emitter_.emit([&](wire::Event::Builder event) {
    auto started = event.initStageStarted();
    started.setComponent(stage_.getComponent().getName());
    started.setRecordId(record_.reader().getId());
    started.setSequence(deployment().sequence);
  });
  return {};
}

DeploymentFacts StageRun::deployment() const {
  if (stage_.getKind() == wire::StageKind::DEPLOY)
    return {record_.reader().getId(), record_.reader().getSequence()};
  auto deployed = outputs_.find(wire::StageKind::DEPLOY);
  if (stage_.getKind() != wire::StageKind::RELEASE || deployed == outputs_.end()) return {};
  return {deployed->second.recordId, deployed->second.sequence};
}

Result<Value> StageRun::source(wire::Plan::Source::Reader source, const std::vector<Value>& steps) {
  switch (source.which()) {
    case wire::Plan::Source::STEP:
      return steps.at(source.getStep());
    case wire::Plan::Source::GIVEN:
      switch (source.getGiven()) {
        case wire::Given::SOURCE_TREE:
          return sourceTreeValue(app_.getPath(), run_.plan.getProjectPath(), run_.plan.getGit());
        case wire::Given::LABELS:
          return labelsValue(stage_.getLabels());
        case wire::Given::DEPLOYMENT_CONFIG:
          return deploymentConfigValue(run_.plan.getProject(), app_.getName(), run_.plan.getWorkspace(),
                                       deployment());
      }
      break;
    case wire::Plan::Source::STAGE:
      if (auto found = outputs_.find(source.getStage()); found != outputs_.end()) return found->second.value;
      break;
    case wire::Plan::Source::RECORD:
      for (const auto& [kind, output] : outputs_) {
        if (output.recordId == source.getRecord().cStr()) return output.value;
      }
      break;
  }
  return Error{ErrorKind::Internal,
               "plan-incomplete",
               "the plan takes a value for the " + title() + " that no earlier stage made",
               {},
               {}};
}

Result<Value> StageRun::derive(kj::WaitScope& wait, wire::Plan::Derivation::Reader derivation) {
  std::vector<Value> steps;
  for (auto step : derivation.getSteps()) {
    std::vector<Value> inputs;
    std::vector<std::string> digests;
    for (auto input : step.getInputs()) {
      inputs.push_back(CAIRN_TRY(source(input, steps)));
      digests.push_back(inputs.back().digest());
    }
    const LocatedPlugin& plugin = run_.plugins[step.getPlugin()];
    JournalScope scope = journalScope();
    scope.plugin = identityOf(plugin);
    JournalHost host(context_, emitter_, scope);
    steps.push_back(CAIRN_TRY(mapped_.map(wait, context_, plugin, step.getMapper(), step.getName(),
                                          std::move(inputs), host, emitter_)));
    derivedBy_.emplace_back(step.getMapper());
    derivedFrom_.push_back(std::move(digests));
    derivedValues_.push_back(steps.back());
  }
  return source(derivation.getResult(), steps);
}

JournalScope StageRun::journalScope() const {
  return {record_.reader().getId(),
          stage_.getKind() == wire::StageKind::RELEASE,
          {run_.plan.getProject(), app_.getName(), run_.plan.getWorkspace()},
          identityOf(plugin_)};
}

Result<StageOutput> StageRun::act(kj::WaitScope& wait, const StageSettings& settings) {
  const HookPlace place{app_.getName(), stageName(stage_.getKind()), app_.getPath().cStr()};
  const StageScope stageScope = CAIRN_TRY(StageScope::make(run_, app_, stage_, outputs_));
  CAIRN_TRY(
      runHooks(wait, run_, emitter_, stage_, wire::Plan::Hook::When::BEFORE, stageScope.scope(), place));
  Invocation invocation;
  invocation.kind = stage_.getComponent().getKind();
  invocation.component = stage_.getComponent().getName();
  invocation.operation = operationName(stage_.getKind());
  invocation.settings = settings.value;
  for (auto derivation : stage_.getInputs()) invocation.inputs.push_back(CAIRN_TRY(derive(wait, derivation)));

  JournalHost host(context_, emitter_, journalScope());
  host.setSecrets([this](const std::string& name) -> std::optional<std::string> {
    auto found = run_.secrets.find(name);
    if (found == run_.secrets.end()) return std::nullopt;
    return datumText(found->second.value);
  });
  CallScope scope;
  scope.title = title();
  CallLimits limits;
  limits.cancel = context_.whenCancelled();
  if (stage_.getTimeoutMs() > 0) limits.deadline = stage_.getTimeoutMs() * kj::MILLISECONDS;
  auto answered =
      context_.broker.run(plugin_, std::move(invocation), host, std::move(scope), kj::mv(limits)).wait(wait);
  if (!answered) {
    lastLogLines_ = host.lastLogLines();
    return placed(host.orItsOwn(std::move(answered).error()), app_, stage_);
  }
  const CallAnswer& answer = *answered;
  for (const Error& warning : answer.warnings)
    emitter_.diagnostic(warning, wire::Diagnostic::Severity::WARNING);
  CAIRN_TRY(keep(wait, answer));
  CAIRN_TRY(runHooks(wait, run_, emitter_, stage_, wire::Plan::Hook::When::AFTER, stageScope.scope(), place));
  auto record = record_.reader();
  return StageOutput{answer.value, record.getId(), record.getSequence(), record.getUrl(), plugin_.manifest};
}

Result<void> StageRun::keep(kj::WaitScope& wait, const CallAnswer& answer) {
  if (answer.value.typeId != stage_.getOutput()) {
    return Error{ErrorKind::Internal,
                 "wrong-type-returned",
                 "the " + title() + " returned a " + answer.value.typeName + ", its manifest promises a " +
                     std::string(stage_.getOutputName()),
                 "its plugin is at fault",
                 {}};
  }
  auto record = *record_;
  record.setState(wire::Record::State::DONE);
  record.setFinishedUnixMs(context_.nowMs());
  writeValue(answer.value, record.initValue());
  record.setUrl(urlOf(answer.value, *plugin_.manifest));
  auto steps = record.initDerivation(derivedBy_.size());
  for (unsigned i = 0; i < steps.size(); ++i) {
    steps[i].setMapper(derivedBy_[i]);
    writeValue(derivedValues_[i], steps[i].initOutput());
    auto inputs = steps[i].initInputDigests(derivedFrom_[i].size());
    for (unsigned j = 0; j < inputs.size(); ++j) inputs.set(j, asData(derivedFrom_[i][j]));
  }
  return save(wait);
}

Result<void> StageRun::save(kj::WaitScope& wait) {
  return context_.store.updateRecord(record_.reader(), run_.id).wait(wait);
}

void StageRun::fail(kj::WaitScope& wait, const Error& error) {
  const Error safe = masked(context_.masking, error);
  if (error.kind != ErrorKind::Cancelled) emitter_.diagnostic(safe);
  if (stage_.getKind() == wire::StageKind::DEPLOY) cleanUp(wait);
  auto record = *record_;
  record.setState(wire::Record::State::FAILED);
  record.setFinishedUnixMs(context_.nowMs());
  auto recorded = record.initError();
  writeDiagnostic(safe, recorded);
  // The app's last words were on the screen; the record is where they can still be read.
  if (!lastLogLines_.empty()) recorded.setDetail(context_.masking.mask(safe.detail + lastLogLines_));
  if (auto saved = save(wait); !saved && saved.error().code != error.code) emitter_.diagnostic(saved.error());
  emitter_.emit([&](wire::Event::Builder event) {
    auto finished = event.initStageFinished();
    finished.setOutcome(error.kind == ErrorKind::Cancelled ? wire::Event::Outcome::CANCELLED
                                                           : wire::Event::Outcome::FAILED);
    finished.setRecordId(record_.reader().getId());
    finished.setSequence(deployment().sequence);
    finished.setDurationMs(
        static_cast<std::uint64_t>((context_.timer().now() - started_) / kj::MILLISECONDS));
  });
}

void StageRun::cleanUp(kj::WaitScope& wait) {
  auto left = context_.store.resources({.recordId = std::string(record_.reader().getId())}).wait(wait);
  if (left && left->empty()) return;
  auto removed = destroyRecorded(wait, context_, emitter_, plugin_, record_.reader());
  if (!removed) {
    emitter_.diagnostic(masked(context_.masking, std::move(removed).error().context(
                                                     "removing what the " + title() + " left behind")),
                        wire::Diagnostic::Severity::WARNING);
  }
}

}  // namespace cairn::host
