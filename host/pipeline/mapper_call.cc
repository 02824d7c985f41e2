#include "host/pipeline/mapper_call.h"

#include <cairn/owned.h>
#include <host/broker/digest.h>
#include <host/pipeline/declared_command.h>
#include <host/pipeline/declared_step.h>
#include <host/pipeline/secret_net.h>
#include <host/pipeline/settings_value.h>
#include <host/pipeline/value_facts.h>
#include <host/project/decode_settings.h>
#include <host/project/resolve_settings.h>

namespace cairn::host {
namespace {

constexpr std::uint64_t kDefaultTimeoutMs = 10 * 60 * 1000;

// ${input.…}: the value itself, or one of each role.
Datum inputDatum(const RunState& run, wire::Plan::DeclaredMapper::Reader declared,
                 const std::vector<Value>& inputs) {
  auto datumOf = [&](const Value& value) {
    auto manifest = run.schemas->manifestOf(value.typeId);
    return manifest ? datumOfValue(value, *manifest) : Datum();
  };
  if (inputs.size() == 1 && declared.getRoles()[0].size() == 0) return datumOf(inputs[0]);
  Datum::Map map;
  for (unsigned i = 0; i < inputs.size(); ++i) map[declared.getRoles()[i].cStr()] = datumOf(inputs[i]);
  return {.value = std::move(map)};
}

class MapperCall {
 public:
  MapperCall(kj::WaitScope& wait, const MapperPlace& place, wire::Plan::Step::Reader step,
             const std::vector<Value>& inputs)
      : wait_(wait), place_(place), step_(step), declared_(step.getDeclared()), inputs_(inputs) {
    if (!step.hasDeclared()) return;
    scope_ = place.scope;
    scope_->extra["input"] = inputDatum(place.run, declared_, inputs);
  }

  Result<Value> run() {
    auto made = CAIRN_TRY(prepare());
    return place_.mapped.once(wait_, key(), [&]() -> Result<Value> {
      const auto started = place_.run.context.timer().now();
      auto value = make(made);
      if (!value) return std::move(value).error();
      const auto schema = CAIRN_TRY(place_.run.schemas->get(value->typeId));
      if (auto safe = refuseSecrets(place_.run.context.masking, *value, schema, maker()); !safe)
        return std::move(safe).error().context(title());
      place_.emitter.emit([&](wire::Event::Builder event) {
        auto mapped = event.initMapped();
        mapped.setMapper(step_.getMapper());
        mapped.setOutput(value->typeName);
        mapped.setGate(declared_.getGate());
        mapped.setDurationMs(
            static_cast<std::uint64_t>((place_.run.context.timer().now() - started) / kj::MILLISECONDS));
      });
      return value;
    });
  }

 private:
  // What is worked out before the mapper is run: words, settings, or the value itself.
  struct Prepared {
    std::vector<std::string> words;
    Value value;
  };

  Result<Prepared> prepare() {
    Prepared out;
    if (!step_.hasDeclared()) {
      out.value = CAIRN_TRY(plainSettings());
    } else if (declared_.isRun()) {
      for (auto word : declared_.getRun()) out.words.push_back(CAIRN_TRY(this->word(word)));
    } else if (declared_.isSet()) {
      out.value = CAIRN_TRY(
          decoded(declared_.getSet(), step_.getOutput(), place_.run.schemas->get(step_.getOutput())));
    } else {
      out.value = CAIRN_TRY(usedSettings());
    }
    key_.add(step_.getMapper().cStr())
        .add({declared_.getDigest().asChars().begin(), declared_.getDigest().size()});
    key_.add(declared_.getApp().cStr()).add(out.value.digest());
    for (const auto& word : out.words) key_.add(word);
    return out;
  }

  std::string key() {
    for (const Value& input : inputs_) key_.add(input.digest());
    return key_.finish();
  }

  Result<Value> make(Prepared& prepared) {
    if (step_.hasDeclared() && declared_.isRun()) return runCommand(std::move(prepared.words));
    if (step_.hasDeclared() && declared_.isSet()) return std::move(prepared.value);
    return callPlugin(std::move(prepared.value));
  }

  Result<std::string> word(wire::Setting::Reader setting) {
    Owned<wire::Setting> literal;
    auto resolved = resolveAtRun(setting, *scope_, *literal);
    if (!resolved) return firstOf(std::move(resolved).error()).context(title());
    if (!resolved->secretPaths.empty()) {
      return Error{ErrorKind::Config,
                   "secret-in-arguments",
                   "the mapper " + std::string(step_.getMapper()) +
                       " would get a secret as an argument, which everyone on the machine can read",
                   "give it in the environment: environment = [\"NAME\"]",
                   {}};
    }
    return datumText(readDatum(literal.reader()));
  }

  // The table as the struct of `type`, whose schema is `schema`.
  Result<Value> decoded(wire::Setting::Reader table, std::uint64_t type, Result<capnp::StructSchema> schema) {
    if (!schema) return std::move(schema).error();
    Owned<wire::Setting> literal;
    auto resolved = resolveAtRun(table, *scope_, *literal);
    if (!resolved) return firstOf(std::move(resolved).error()).context(title());
    for (const auto& secret : resolved->secretTexts) place_.run.context.masking.add(secret);
    DecodeOptions options;
    options.pathPrefix = declaredPath(step_.getMapper());
    options.file = kProjectFile;
    options.owner = "mapper " + std::string(step_.getMapper());
    options.appPath = options.projectPath = place_.run.plan.getProjectPath().cStr();
    auto decoded = decodeSettings(literal.reader(), *schema, options);
    if (!decoded) return firstOf(std::move(decoded).error()).context(title());
    Value value = valueOf(*place_.run.schemas, type);
    const auto* words = reinterpret_cast<const std::uint64_t*>(decoded->words.begin());
    value.words.assign(words, words + decoded->words.size());
    return value;
  }

  Result<wire::Manifest::Mapper::Reader> pluginMapper() const {
    for (auto mapper : plugin().manifest->reader().getMappers()) {
      if (mapper.getName() == step_.getName()) return mapper;
    }
    return Error{ErrorKind::Internal,
                 "internal",
                 "the plan takes the mapper " + std::string(step_.getMapper()) + ", which its plugin has not",
                 "plan again",
                 {}};
  }

  // A plugin's mapper that no [[mapper]] gives settings has those that its schema says.
  Result<Value> plainSettings() {
    const auto type = CAIRN_TRY(pluginMapper()).getSettingsType();
    if (type == 0) return Value();
    Owned<wire::Setting> none;
    none->initTable(0);
    scope_ = place_.scope;
    return decoded(none.reader(), type, plugin().manifest->schemas().get(type));
  }
  Result<Value> usedSettings() {
    const auto type = CAIRN_TRY(pluginMapper()).getSettingsType();
    if (type == 0) return Value();
    return decoded(step_.getSettings(), type, plugin().manifest->schemas().get(type));
  }

  Result<Value> callPlugin(Value settings) {
    JournalScope journal = place_.journal;
    journal.plugin = identityOf(plugin());
    JournalHost host(place_.run.context, place_.emitter, journal);
    Invocation invocation;
    invocation.mapper = step_.getName();
    invocation.settings = std::move(settings);
    invocation.inputs = inputs_;
    CallScope scope;
    scope.title = "mapper " + std::string(step_.getMapper());
    CallLimits limits;
    limits.cancel = place_.run.context.whenCancelled();
    if (declared_.getTimeoutMs() > 0) limits.deadline = declared_.getTimeoutMs() * kj::MILLISECONDS;
    auto answer =
        place_.run.context.broker.run(plugin(), std::move(invocation), host, std::move(scope), kj::mv(limits))
            .wait(wait_);
    if (!answer) return refusal(std::move(answer).error()).context(title());
    return std::move(answer->value);
  }

  // What a plugin's mapper would not convert, and what else could be tried.
  Error refusal(Error error) const {
    if (error.kind != ErrorKind::Refused && declared_.getGate().size() == 0) return error;
    if (error.kind == ErrorKind::Cancelled) return error;
    const std::string mapper = step_.getMapper();
    if (declared_.getGate().size() > 0) {
      Error refused = gateRefused(declared_.getGate(), typesText(), place_.started, error.message);
      refused.detail = error.detail;
      return refused;
    }
    // A plugin that says what to do knows better than we.
    if (!error.hint.empty()) return error;
    error.detail = error.code + ": " + error.message + (error.detail.empty() ? "" : "\n" + error.detail);
    error.code = "mapper-refused";
    error.message = mapper + " can't convert this " + typesText() + ": " + error.message;
    error.hint.clear();  // whoever knows what the value is for knows other ways
    error.kind = ErrorKind::Failed;
    return error;
  }

  Result<Value> runCommand(std::vector<std::string> words) {
    DeclaredCommand command{
        std::string(step_.getMapper()),
        declared_.getGate(),
        std::move(words),
        declared_.getFolder().cStr(),
        {},
        (declared_.getTimeoutMs() > 0 ? declared_.getTimeoutMs() : kDefaultTimeoutMs) * kj::MILLISECONDS,
        {},
        step_.getOutput(),
        place_.before,
        place_.started};
    for (auto name : declared_.getEnvironment()) command.environment.emplace_back(name.cStr());
    for (auto role : declared_.getRoles()) command.roles.emplace_back(role.cStr());
    CAIRN_TRY(checkProgram());
    auto value = runDeclared(wait_, place_.run, place_.emitter, std::move(command), inputs_);
    if (value) CAIRN_TRY(checkProgram());
    return value;
  }

  // What a gate runs may have been written anew since the plan, or while it ran: nothing passed what was
  // planned then.
  Result<void> checkProgram() const {
    if (declared_.getGate().size() == 0) return {};
    const auto planned = declared_.getDigest().asChars();
    const auto known = place_.run.gateCommands.find(std::string(planned.begin(), planned.size()));
    if (known != place_.run.gateCommands.end() && digestOf(known->second) == known->first) return {};
    return Error{
        ErrorKind::Refused, "stale-plan",
        "the gate " + std::string(declared_.getGate()) +
            " is not the one that was planned: a program that it runs has changed since",
        place_.started + "; run again",
        "the mapper " + std::string(step_.getMapper()) + ", or what it runs or is shown, is another one"};
  }

  const LocatedPlugin& plugin() const { return place_.run.plugins[step_.getPlugin()]; }
  std::string maker() const {
    const std::string gate = declared_.getGate();
    return gate.empty() ? "the mapper " + std::string(step_.getMapper()) : "the gate " + gate;
  }
  std::string title() const { return "converting by " + std::string(step_.getMapper()); }
  std::string typesText() const { return typesOf(inputs_); }

  kj::WaitScope& wait_;
  const MapperPlace& place_;
  wire::Plan::Step::Reader step_;
  wire::Plan::DeclaredMapper::Reader declared_;
  const std::vector<Value>& inputs_;
  std::optional<Scope> scope_;
  Digester key_;
};

}  // namespace

Result<Value> callMapper(kj::WaitScope& wait, const MapperPlace& place, wire::Plan::Step::Reader step,
                         const std::vector<Value>& inputs) {
  return MapperCall(wait, place, step, inputs).run();
}

}  // namespace cairn::host
