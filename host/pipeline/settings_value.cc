#include "host/pipeline/settings_value.h"

#include <host/pipeline/plan_maker.h>
#include <host/pipeline/value_facts.h>
#include <host/project/decode_settings.h>
#include <host/project/resolve_settings.h>

namespace cairn::host {
namespace {

Value asValue(const DecodedSettings& decoded, capnp::StructSchema schema) {
  Value value{schema.getProto().getId(), schema.getShortDisplayName().cStr(), {}, {}, false};
  const auto* words = reinterpret_cast<const std::uint64_t*>(decoded.words.begin());
  value.words.assign(words, words + decoded.words.size());
  return value;
}

}  // namespace

Error firstOf(Errors&& errors) {
  Error first = std::move(errors.front());
  for (std::size_t i = 1; i < errors.size(); ++i)
    first.detail += (first.detail.empty() ? "" : "\n") + errors[i].message;
  return first;
}

Result<StageScope> StageScope::make(const RunState& run, wire::Plan::App::Reader app,
                                    wire::Plan::Stage::Reader stage, const StageOutputs& outputs) {
  StageScope out;
  out.git_ = std::make_unique<GitSource>(readGitFacts(run.plan.getGit()));
  auto made = runScope(run.plan, app, stage, run.secrets, *out.git_);
  if (!made) return firstOf(std::move(made).error());
  out.scope_ = std::move(*made);
  for (auto kind : {StageKind::Build, StageKind::Push, StageKind::Deploy, StageKind::Release}) {
    for (const auto& name : outputNames(kind)) out.scope_.outputs.emplace(name, Datum::unknown());
  }
  // A build's output is the artifact too until something was pushed, which comes later in this order.
  for (const auto& [kind, output] : outputs) {
    if (!output.manifest) continue;
    for (const auto& name : outputNames(projectKind(kind)))
      out.scope_.outputs[name] = datumOfValue(output.value, *output.manifest);
  }
  return out;
}

Result<StageSettings> settingsOf(const RunState& run, wire::Plan::App::Reader app,
                                 wire::Plan::Stage::Reader stage, const StageOutputs& outputs,
                                 bool mayBeUnknown) {
  if (run.recordedSettings) return *run.recordedSettings;
  StageSettings out;
  const LocatedPlugin& plugin = run.plugins[stage.getComponent().getPlugin()];
  auto scope = CAIRN_TRY(StageScope::make(run, app, stage, outputs));
  Owned<wire::Setting> literal;
  auto resolved = resolveAtRun(stage.getSettings(), scope.scope(), *literal, mayBeUnknown);
  if (!resolved) return firstOf(std::move(resolved).error());
  for (const auto& secret : resolved->secretTexts) run.context.masking.add(secret);
  auto component = plugin.manifest->component(stage.getComponent().getKind(), stage.getComponent().getName());
  KJ_IF_MAYBE (known, component) {
    if (known->getSettingsType() == 0) return out;
    auto schema = CAIRN_TRY(plugin.manifest->schemas().get(known->getSettingsType()));
    DecodeOptions options;
    options.pathPrefix =
        "app." + std::string(app.getName()) + "." + std::string(stageTable(projectKind(stage.getKind())));
    options.file = kProjectFile;
    options.owner = std::string(kindName(known->getKind())) + " " + std::string(known->getName());
    options.appPath = app.getPath().cStr();
    options.projectPath = run.plan.getProjectPath().cStr();
    options.mayBeUnknown = mayBeUnknown;
    auto whole = decodeSettings(literal.reader(), schema, options);
    if (!whole) return firstOf(std::move(whole).error());
    options.leaveSecretsOut = true;
    auto withoutSecrets = decodeSettings(literal.reader(), schema, options);
    if (!withoutSecrets) return firstOf(std::move(withoutSecrets).error());
    out = {asValue(*whole, schema), asValue(*withoutSecrets, schema), whole->secret, whole->unknown};
  }
  return out;
}

}  // namespace cairn::host
