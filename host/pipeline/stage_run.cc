#include "host/pipeline/stage_run.h"

#include <host/pipeline/given_values.h>
#include <host/pipeline/hooks.h>
#include <host/pipeline/plan_maker.h>
#include <host/pipeline/recorded_gates.h>
#include <host/pipeline/secret_net.h>
#include <host/pipeline/setting_place.h>
#include <host/pipeline/type_graph.h>
#include <host/pipeline/value_facts.h>

namespace cairn::host {
namespace {

capnp::Data::Reader asData(const std::string& bytes) {
  return kj::StringPtr(bytes.c_str(), bytes.size()).asBytes();
}

// Where the main input of a stage was made: what its record names as its parent. Null: nowhere.
const StageOutput* parentOf(wire::StageKind kind, const StageOutputs& outputs) {
  auto of = [&](wire::StageKind stage) {
    auto found = outputs.find(stage);
    return found == outputs.end() ? nullptr : &found->second;
  };
  switch (kind) {
    case wire::StageKind::BUILD:
      return nullptr;
    case wire::StageKind::PUSH:
      return of(wire::StageKind::BUILD);
    case wire::StageKind::DEPLOY:
      return of(wire::StageKind::PUSH) == nullptr ? of(wire::StageKind::BUILD) : of(wire::StageKind::PUSH);
    case wire::StageKind::RELEASE:
      return of(wire::StageKind::DEPLOY);
  }
  return nullptr;
}

// Whether the component did what it was asked, and only what it answered is of no use.
bool isRefusedValue(const Error& error) {
  static const std::set<std::string> kRefusals = {"value-too-large", "value-garbage", "wrong-type-returned"};
  return kRefusals.count(error.code) > 0;
}

// What was passed up to the end of a stage: on the way to its main input, and by its inputs.
std::vector<PassedGate> gatesAfter(wire::Plan::Stage::Reader stage, const StageOutputs& outputs) {
  std::vector<PassedGate> out;
  if (const StageOutput* parent = parentOf(stage.getKind(), outputs)) out = parent->gates;
  for (auto gate : stage.getGates()) out.push_back(readGate(gate));
  return out;
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
  auto output = actAndCatch(wait, *settled);
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
  CAIRN_TRY(keepSchemas(wait));
  auto record = *record_;
  record.setId(newId(context_.clock));
  record.setKind(recordKind(stage_.getKind()));
  record.setProject(run_.plan.getProject());
  record.setApp(app_.getName());
  record.setWorkspace(run_.plan.getWorkspace());
  record.setRunId(run_.id);
  if (const StageOutput* parent = parentOf(stage_.getKind(), outputs_)) record.setParent(parent->recordId);
  record.setGit(run_.plan.getGit());
  record.setLabels(stage_.getLabels());
  record.setStartedUnixMs(context_.nowMs());
  record.setSchema(asData(plugin_.manifest->keptSchemas().digest));
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
    // What a gate refuses was never a version.
    if (stage_.getGates().size() == 0) started.setSequence(deployment().sequence);
  });
  return {};
}

Result<void> StageRun::keepSchemas(kj::WaitScope& wait) {
  const KeptSchemas& schemas = plugin_.manifest->keptSchemas();
  // Another app's stage may be waiting for it yet: the store does things in the order they are asked.
  if (!run_.schemasKept.insert(schemas.digest).second) return {};
  auto kept = context_.store.putSchema(asData(schemas.digest), schemas.bytes()).wait(wait);
  if (!kept) run_.schemasKept.erase(schemas.digest);
  return kept;
}

DeploymentFacts StageRun::deployment() const {
  if (stage_.getKind() == wire::StageKind::DEPLOY)
    return {record_.reader().getId(), record_.reader().getSequence()};
  auto deployed = outputs_.find(wire::StageKind::DEPLOY);
  if (stage_.getKind() != wire::StageKind::RELEASE || deployed == outputs_.end()) return {};
  return {deployed->second.recordId, deployed->second.sequence};
}

JournalScope StageRun::journalScope() const {
  return {record_.reader().getId(),
          stage_.getKind() == wire::StageKind::RELEASE,
          {run_.plan.getProject(), app_.getName(), run_.plan.getWorkspace()},
          identityOf(plugin_)};
}

// What an earlier stage made is the same before and after the hooks, so that nothing is to be done for what a
// gate won't let pass: no database is migrated for it. The source is not: its hooks make what a gate is to
// see.
bool StageRun::gatesComeFirst() const {
  return stage_.getGates().size() > 0 && parentOf(stage_.getKind(), outputs_) != nullptr;
}

bool StageRun::hasHooks(wire::Plan::Hook::When when) const {
  for (auto hook : stage_.getHooks()) {
    if (hook.getWhen() == when) return true;
  }
  return false;
}

bool StageRun::hooksRan() const {
  return !gatesComeFirst() && hasHooks(wire::Plan::Hook::When::BEFORE);
}

// By which the settings can name a secret: a plugin gets no others of the run.
std::set<std::string> StageRun::textsIn(const StageSettings& settings) const {
  std::vector<std::string> texts;
  collectTexts(datumOfValue(settings.value, *plugin_.manifest), texts);
  return {texts.begin(), texts.end()};
}

Error StageRun::brokeOff(const std::string& what, const kj::Exception& exception) {
  return Error{ErrorKind::Internal,
               "internal",
               what + " broke off: " + exception.getDescription().cStr(),
               "this is a mistake of Cairn: report it",
               {}};
}

Result<StageOutput> StageRun::actAndCatch(kj::WaitScope& wait, const StageSettings& settings) {
  std::optional<Result<StageOutput>> output;
  auto problem = kj::runCatchingExceptions([&] { output = act(wait, settings); });
  KJ_IF_MAYBE (exception, problem) return brokeOff("the " + title(), *exception);
  return std::move(*output);
}

Result<StageOutput> StageRun::act(kj::WaitScope& wait, const StageSettings& settings) {
  const HookPlace place{app_.getName(), stageName(stage_.getKind()), app_.getPath().cStr()};
  const StageScope stageScope = CAIRN_TRY(StageScope::make(run_, app_, stage_, outputs_));
  auto hooksBefore = [&] {
    return runHooks(wait, run_, emitter_, stage_, wire::Plan::Hook::When::BEFORE, stageScope.scope(), place);
  };
  if (!gatesComeFirst()) CAIRN_TRY(hooksBefore());
  Invocation invocation;
  invocation.kind = stage_.getComponent().getKind();
  invocation.component = stage_.getComponent().getName();
  invocation.operation = operationName(stage_.getKind());
  invocation.settings = settings.value;
  const JournalScope journal = journalScope();
  const DeploymentFacts deployed = deployment();
  const MapperPlace mapperPlace{run_,
                                mapped_,
                                emitter_,
                                journal,
                                stageScope.scope(),
                                title(),
                                (hooksRan() ? "of the " + title() + " only its hooks before it were run"
                                            : "nothing of the " + title() + " was started")};
  StageInputs inputs(mapperPlace, app_, stage_, outputs_, deployed);
  invocation.inputs = CAIRN_TRY(inputs.make(wait));
  if (gatesComeFirst()) CAIRN_TRY(hooksBefore());

  JournalHost host(context_, emitter_, journal);
  std::optional<std::set<std::string>> named;
  host.setSecrets([&](const std::string& name) -> std::optional<std::string> {
    auto found = run_.secrets.find(name);
    if (found == run_.secrets.end()) return std::nullopt;
    if (!named) named = textsIn(settings);
    return named->count(name) == 0 ? std::nullopt : std::optional(datumText(found->second.value));
  });
  CallScope scope;
  scope.title = title();
  CallLimits limits;
  limits.cancel = context_.whenCancelled();
  if (stage_.getTimeoutMs() > 0) limits.deadline = stage_.getTimeoutMs() * kj::MILLISECONDS;
  called_ = true;
  auto answered =
      context_.broker.run(plugin_, std::move(invocation), host, std::move(scope), kj::mv(limits)).wait(wait);
  if (!answered) {
    lastLogLines_ = host.lastLogLines();
    valueRefused_ = isRefusedValue(answered.error());
    return placed(std::move(answered).error(), app_, stage_);
  }
  const CallAnswer& answer = *answered;
  for (const Error& warning : answer.warnings)
    emitter_.diagnostic(warning, wire::Diagnostic::Severity::WARNING);
  // From here on it can be removed by its value, stored or not.
  writeValue(answer.value, record_->initValue());
  if (auto fit = refuseSecretsOf(answer.value); !fit) {
    valueRefused_ = true;
    return std::move(fit).error();
  }
  CAIRN_TRY(keep(wait, answer, inputs));
  auto record = record_.reader();
  StageOutput output{answer.value,    record.getId(),   record.getSequence(),
                     record.getUrl(), plugin_.manifest, gates_};
  if (hasHooks(wire::Plan::Hook::When::AFTER)) {
    StageOutputs withOwn = outputs_;
    withOwn[stage_.getKind()] = output;
    const StageScope after = CAIRN_TRY(StageScope::make(run_, app_, stage_, withOwn));
    CAIRN_TRY(runHooks(wait, run_, emitter_, stage_, wire::Plan::Hook::When::AFTER, after.scope(), place));
  }
  return output;
}

Result<void> StageRun::refuseSecretsOf(const Value& made) const {
  if (made.empty()) return {};
  const auto schema = CAIRN_TRY(plugin_.manifest->schemas().get(made.typeId));
  return refuseSecrets(context_.masking, made, schema, "the plugin \"" + plugin_.bundle.name + "\"");
}

Result<void> StageRun::keep(kj::WaitScope& wait, const CallAnswer& answer, const StageInputs& inputs) {
  const std::string url = urlOf(answer.value, *plugin_.manifest);
  auto record = *record_;
  record.setState(wire::Record::State::DONE);
  record.setFinishedUnixMs(context_.nowMs());
  record.setUrl(url);
  inputs.write(record);
  gates_ = gatesAfter(stage_, outputs_);
  writeGates(gates_, record.initGates(gates_.size()));
  CAIRN_TRY(save(wait));
  done_ = true;
  return {};
}

Result<void> StageRun::save(kj::WaitScope& wait) {
  return context_.store.updateRecord(record_.reader(), run_.id).wait(wait);
}

}  // namespace cairn::host
