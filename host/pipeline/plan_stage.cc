#include "host/pipeline/plan_stage.h"

#include <host/pipeline/emitter.h>
#include <host/pipeline/hooks.h>
#include <host/project/decode_settings.h>
#include <host/project/resolve_settings.h>
#include <host/project/settings_schema.h>

namespace cairn::host {

std::string StagePlanner::path(const Stage& stage) const {
  return "app." + app_.name + "." + std::string(stageTable(stage.kind));
}

void StagePlanner::plan(const Stage& stage, StageFlow& flow, wire::Plan::Stage::Builder out) {
  const wire::StageKind kind = wireKind(stage.kind);
  out.setKind(kind);
  out.setTimeoutMs(stage.timeout ? static_cast<std::uint64_t>(stage.timeout->count()) : 0);
  if (stage.use.empty()) {  // of a file with mistakes, which says so itself
    flow = {};
    flow.broken = true;
    return;
  }
  auto chosen = inputs_.plugins.choose(componentKind(kind), stage.use);
  if (!chosen) {
    Error error = std::move(chosen).error();
    if (!error.position.known()) error.position = stage.usePosition;
    if (error.settingPath.empty()) error.settingPath = path(stage) + ".use";
    errors_.push_back(std::move(error));
    flow = {};
    flow.broken = true;
    return;
  }
  auto component = out.initComponent();
  component.setPlugin(pluginIndex_(chosen->plugin));
  component.setKind(componentKind(kind));
  component.setName(chosen->component.getName());

  auto scope =
      planScope(inputs_.project, app_, stage.kind, inputs_.variables, processEnvironment(), inputs_.git);
  const Scope* known = scope ? &*scope : nullptr;
  if (known == nullptr) {
    take(std::move(scope).error());
    (void)resolveSettings(stage.settings, Scope(), out.initSettings());  // every ${…} stays as it is
    checkSettings(stage, *chosen, out);
  } else {
    auto labels = out.initLabels(known->labels.size());
    std::size_t i = 0;
    for (const auto& [name, value] : known->labels) {
      labels[i].setName(name);
      labels[i++].setValue(value);
    }
    auto resolved = resolveSettings(stage.settings, *known, out.initSettings());
    if (!resolved) take(std::move(resolved).error());
    checkSettings(stage, *chosen, out);
    hooks(stage, *known, out);
  }

  KJ_IF_MAYBE (operation, operationOf(chosen->component, operationName(kind))) {
    if (!flow.broken) chains(stage, *chosen, *operation, flow, known, out);
    out.setOutput(operation->getOutput());
    out.setOutputName(inputs_.plugins.typeName(operation->getOutput()));
    if (kind == wire::StageKind::DEPLOY || kind == wire::StageKind::RELEASE)
      lifecycle(stage, *chosen, operation->getOutput());
    flow = {operation->getOutput(), kind, {}, std::string(stageName(kind)) + " of " + app_.name};
  } else {
    errors_.push_back(Error{ErrorKind::Config,
                            "no-operation",
                            "the " + std::string(kindName(componentKind(kind))) + " \"" + stage.use +
                                "\" has no function to " + stageName(kind),
                            mistakeOf(*chosen),
                            {},
                            stage.usePosition});
    flow = {};
    flow.broken = true;
  }
}

std::string StagePlanner::mistakeOf(const ComponentChoice& choice) const {
  return "this is a mistake of the plugin \"" + inputs_.plugins[choice.plugin].bundle.name +
         "\": report it to its author";
}

void StagePlanner::faultySettings(const Stage& stage, const ComponentChoice& choice, Error error) {
  error.position = stage.usePosition;
  error.hint = mistakeOf(choice);
  errors_.push_back(std::move(error).context("reading the settings of the " +
                                             std::string(kindName(choice.component.getKind())) + " \"" +
                                             stage.use + "\""));
}

void StagePlanner::checkSettings(const Stage& stage, const ComponentChoice& choice,
                                 wire::Plan::Stage::Builder out) {
  const auto& plugin = inputs_.plugins[choice.plugin];
  const auto typeId = choice.component.getSettingsType();
  if (typeId == 0) {
    for (const auto& entry : *stage.settings.table()) {
      errors_.push_back(Error{ErrorKind::Config,
                              "unknown-key",
                              stage.use + " takes no settings, so no \"" + entry.name + "\"",
                              {},
                              {},
                              entry.position});
    }
    return;
  }
  auto schema = plugin.manifest->schemas().get(typeId);
  if (!schema) return faultySettings(stage, choice, std::move(schema).error());
  if (auto fit = checkSettingsSchema(*schema); !fit) {
    for (Error& error : fit.error()) faultySettings(stage, choice, std::move(error));
    return;
  }
  DecodeOptions options;
  options.pathPrefix = path(stage);
  options.file = inputs_.project.file;
  options.owner = std::string(kindName(choice.component.getKind())) + " " + stage.use;
  options.appPath = app_.path;
  options.projectPath = inputs_.project.root;
  options.written = &stage.settings;
  options.mayBeUnknown = true;
  auto decoded = decodeSettings(out.getSettings(), *schema, options);
  if (!decoded) return take(std::move(decoded).error());
  warnings_.insert(warnings_.end(), decoded->warnings.begin(), decoded->warnings.end());
}

void StagePlanner::chains(const Stage& stage, const ComponentChoice& choice,
                          wire::Manifest::Operation::Reader operation, const StageFlow& flow,
                          const Scope* scope, wire::Plan::Stage::Builder out) {
  const TypeGraph& types = inputs_.types.of(app_.name);
  const ChainTools tools{
      inputs_.plugins, types,      *inputs_.types.schemas(), inputs_.project, pluginIndex_, scope,
      essences_,       questions_, faultyMappers_,           reasons_};
  const ChainEnd end{app_.name, wireKind(stage.kind), stage.use, inputs_.plugins[choice.plugin].bundle.name};
  Errors warnings;
  for (Error& error : planChains(tools, end, operation, flow, out, warnings)) {
    if (!error.position.known()) error.position = stage.usePosition;
    if (error.settingPath.empty()) error.settingPath = path(stage);
    errors_.push_back(std::move(error).context("joining " + (flow.type != 0 ? flow.label : "the source") +
                                               " to the " + kindName(choice.component.getKind()) + " \"" +
                                               stage.use + "\" of " + app_.name));
  }
  for (Error& warning : warnings) {
    warning.position = stage.usePosition;
    warnings_.push_back(std::move(warning));
  }
}

void StagePlanner::hooks(const Stage& stage, const Scope& scope, wire::Plan::Stage::Builder out) {
  Scope after = scope;  // a hook after a stage sees what the stage made
  for (const std::string& name : outputNames(stage.kind)) after.outputs[name] = Datum::unknown();
  auto list = out.initHooks(stage.hooks.size());
  for (unsigned i = 0; i < list.size(); ++i) {
    const Hook& hook = stage.hooks[i];
    list[i].setWhen(hook.when == Hook::When::Before ? wire::Plan::Hook::When::BEFORE
                                                    : wire::Plan::Hook::When::AFTER);
    list[i].setOnFailure(hook.onFailure == Hook::OnFailure::Fail ? wire::Plan::Hook::OnFailure::FAIL
                                                                 : wire::Plan::Hook::OnFailure::CONTINUE);
    list[i].setTimeoutMs(hook.timeout ? static_cast<std::uint64_t>(hook.timeout->count()) : 0);
    auto words = list[i].initRun(hook.run.size());
    for (unsigned j = 0; j < words.size(); ++j) {
      const Scope& seen = hook.when == Hook::When::After ? after : scope;
      auto resolved = resolveSettings(hook.run[j], seen, words[j]);
      if (!resolved) {
        take(std::move(resolved).error());
      } else if (!resolved->secretPaths.empty()) {
        const std::string setting = path(stage) + ".hook.run";
        errors_.push_back(secretInHook("'" + setting + "'"));
        errors_.back().position = hook.run[j].position;
        errors_.back().settingPath = setting;
      }
    }
  }
}

void StagePlanner::lifecycle(const Stage& stage, const ComponentChoice& choice, std::uint64_t made) {
  using Op = wire::Manifest::Operation::Name;
  for (Op op : {Op::DESTROY, Op::STATUS, Op::LOGS, Op::EXEC}) {
    KJ_IF_MAYBE (operation, operationOf(choice.component, op)) {
      for (auto input : operation->getInputs()) {
        if (input.getType() == made || isGiven(input.getType())) continue;
        errors_.push_back(Error{ErrorKind::Config,
                                "cannot-destroy",
                                "what \"" + stage.use + "\" makes, a " + inputs_.plugins.typeName(made) +
                                    ", can't be given back to it: its " +
                                    (op == Op::DESTROY  ? "destroy"
                                     : op == Op::STATUS ? "status"
                                     : op == Op::LOGS   ? "logs"
                                                        : "exec") +
                                    " takes a " + inputs_.plugins.typeName(input.getType()),
                                mistakeOf(choice),
                                {},
                                stage.usePosition});
      }
    } else if (op == Op::DESTROY) {
      errors_.push_back(Error{ErrorKind::Config,
                              "cannot-destroy",
                              "\"" + stage.use + "\" has no destroy: what it makes could never be removed",
                              mistakeOf(choice),
                              {},
                              stage.usePosition});
    }
  }
}

}  // namespace cairn::host
