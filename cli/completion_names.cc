#include "cli/completion_names.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "cli/explanations.h"
#include "cli/mapper_answers.h"
#include "cli/output/story.h"
#include "cli/record_text.h"

namespace cairn::cli {

namespace {

using Words = std::vector<std::string>;

EngineOptions optionsOf(const CommandContext& context, const ParsedOptions& typed) {
  namespace fs = std::filesystem;
  const char* chosen = std::getenv("CAIRN_WORKSPACE");
  std::string workspace = typed.text("workspace");
  if (workspace.empty() && chosen != nullptr) workspace = chosen;
  const fs::path directory = fs::path(context.directory) / typed.text("directory");
  return {.directory = directory.lexically_normal().string(),
          .workspace = std::move(workspace),
          .apps = typed.all("app")};
}

// A deployment's number has a "v"; others stand without the "#", which a shell would take for a comment.
Words versions(Engine& engine, wire::RecordKind kind, bool doneOnly) {
  Words out;
  auto records = engine.records({.kinds = {kind}, .withDestroyed = false, .asWritten = true});
  if (!records) return out;
  for (const RecordPtr& owned : *records) {
    auto record = owned->reader();
    if (doneOnly && record.getState() != wire::Record::State::DONE) continue;
    std::string text = versionText(record);
    if (text.starts_with('#')) text.erase(0, 1);
    if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
  }
  return out;
}

Words typeNames(Engine& engine) {
  Words out;
  auto mappers = engine.mappers();
  if (!mappers) return out;
  for (const auto& type : mappers->graph->types()) out.push_back(type.name);
  return out;
}

Words pluginNames(Engine& engine) {
  Words out;
  auto plugins = engine.plugins();
  if (!plugins) return out;
  for (const PluginInfo& plugin : *plugins) out.push_back(string(plugin.manifest.reader().getName()));
  return out;
}

Words errorCodes() {
  Words out;
  for (const Explanation& one : explanations()) out.emplace_back(one.name);
  return out;
}

Words projectNames(Engine& engine, NamedThing thing) {
  auto known = engine.projectNames();
  if (!known) return {};
  if (thing == NamedThing::App) return std::move(known->apps);
  if (thing == NamedThing::Workspace) return std::move(known->workspaces);
  for (std::string& variable : known->variables) variable += "=";
  return std::move(known->variables);
}

}  // namespace

Words namesFor(CommandContext& context, NamedThing thing, const ParsedOptions& typed) {
  if (thing == NamedThing::ErrorCode) return errorCodes();
  EngineOptions options = optionsOf(context, typed);
  // To ask a plugin what it has is to run it, which nobody expects of the Tab key in a folder of others'
  // making: only installed ones are asked, none that a cairn.toml names.
  if (thing == NamedThing::Type || thing == NamedThing::Plugin) options.directory = "/";
  auto engine = openEngine(std::move(options), context.interrupt, context.masker);
  if (!engine) return {};
  switch (thing) {
    case NamedThing::Type:
      return typeNames(**engine);
    case NamedThing::Plugin:
      return pluginNames(**engine);
    case NamedThing::Build:
      return versions(**engine, wire::RecordKind::BUILD, false);
    case NamedThing::Artifact:
      return versions(**engine, wire::RecordKind::ARTIFACT, false);
    case NamedThing::Deployment:
      return versions(**engine, wire::RecordKind::DEPLOYMENT, false);
    case NamedThing::OlderDeployment:
      return versions(**engine, wire::RecordKind::DEPLOYMENT, true);
    case NamedThing::Release:
      return versions(**engine, wire::RecordKind::RELEASE, false);
    default:
      return projectNames(**engine, thing);
  }
}

}  // namespace cairn::cli
