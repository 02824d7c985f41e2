#include "host/project/mapper_scopes.h"

#include "host/project/near_names.h"

#include <algorithm>
#include <unordered_map>

namespace cairn::host {
namespace {

using Declarations = std::vector<MapperDeclaration>;

// A gate that vanished because its override forgot to be one would let everything pass.
void refuseLostGate(const MapperDeclaration& wide, const MapperDeclaration& narrow, Errors& errors) {
  if (!wide.isGate() || narrow.saysGate) return;
  errors.push_back(
      {.kind = ErrorKind::Config,
       .code = "gate-lost",
       .message = "mapper '" + narrow.name + "' takes the place of the gate at line " +
                  std::to_string(wide.position.line) + ", but doesn't say where it stands",
       .hint = "write gate = [\"" + wide.gate[0].text() + "\"] here too, or gate = [] where no gate is meant",
       .position = narrow.position,
       .settingPath = narrow.path()});
}

// Replaces what has the same name, adds the rest.
void layOver(Declarations& base, const Declarations& over, Errors& errors) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < base.size(); ++i) places.emplace(base[i].name, i);
  for (const MapperDeclaration& mapper : over) {
    const auto found = places.find(mapper.name);
    if (found == places.end()) {
      base.push_back(mapper);
      continue;
    }
    refuseLostGate(base[found->second], mapper, errors);
    base[found->second] = mapper;
  }
}

void hide(Declarations& project, const Declarations& ofApp, Errors& errors) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < project.size(); ++i) places.emplace(project[i].name, i);
  for (const MapperDeclaration& mapper : ofApp) {
    const auto found = places.find(mapper.name);
    if (found == places.end()) continue;
    refuseLostGate(project[found->second], mapper, errors);
    project[found->second].hiddenIn.push_back(mapper.app);
  }
}

void addStages(const SettingsNode& tree, MapperSurroundings& out) {
  const SettingsNode* apps = tree.find("app");
  if (apps == nullptr || apps->table() == nullptr) return;
  for (const SettingsEntry& app : *apps->table()) {
    for (const char* stage : {"build", "registry", "deploy", "release"}) {
      const SettingsNode* node = app.value.find(stage);
      if (node != nullptr) out.stages[stage].push_back(app.name);
      // What is deployed may be released by its platform, without a table of its own.
      if (node != nullptr && std::string_view(stage) == "deploy") out.stages["release"].push_back(app.name);
      const SettingsNode* use = node != nullptr ? node->find("use") : nullptr;
      if (use != nullptr && use->text() != nullptr) out.uses[stage].push_back(*use->text());
    }
  }
}

}  // namespace

MapperLayer readMapperLayer(const SettingsNode& tree, const std::string& prefix,
                            const std::filesystem::path& root,
                            const std::map<std::string, std::filesystem::path>& folders, Errors& errors) {
  MapperLayer out;
  if (const SettingsNode* list = tree.find("mapper"))
    out.project = readMappers(*list, {prefix + "mapper", "", root, root}, errors);
  const SettingsNode* apps = tree.find("app");
  if (apps == nullptr || apps->table() == nullptr) return out;
  for (const SettingsEntry& app : *apps->table()) {
    const SettingsNode* list = app.value.find("mapper");
    const auto folder = folders.find(app.name);
    if (list == nullptr || folder == folders.end()) continue;
    const std::string path = prefix + "app." + app.name + ".mapper";
    out.apps[app.name] = readMappers(*list, {path, app.name, root, folder->second}, errors);
  }
  return out;
}

MapperSurroundings surroundingsOf(const SettingsNode& tree) {
  MapperSurroundings out;
  if (const SettingsNode* apps = tree.find("app"); apps != nullptr && apps->table() != nullptr) {
    for (const SettingsEntry& app : *apps->table()) out.apps.push_back(app.name);
  }
  addStages(tree, out);
  if (const SettingsNode* workspaces = tree.find("workspace");
      workspaces != nullptr && workspaces->table() != nullptr) {
    for (const SettingsEntry& workspace : *workspaces->table()) addStages(workspace.value, out);
  }
  for (auto& [stage, uses] : out.uses) {
    std::sort(uses.begin(), uses.end());
    uses.erase(std::unique(uses.begin(), uses.end()), uses.end());
  }
  return out;
}

std::vector<MapperDeclaration> layMappers(const MapperLayer& base, const MapperLayer& over, Errors& errors) {
  Declarations out = base.project;
  layOver(out, over.project, errors);
  std::map<std::string, Declarations> apps = base.apps;
  for (const auto& [app, mappers] : over.apps) layOver(apps[app], mappers, errors);
  for (const auto& [app, mappers] : apps) hide(out, mappers, errors);
  for (auto& [app, mappers] : apps) std::move(mappers.begin(), mappers.end(), std::back_inserter(out));
  std::stable_sort(out.begin(), out.end(), [](const MapperDeclaration& a, const MapperDeclaration& b) {
    return a.position.line < b.position.line;
  });
  return out;
}

}  // namespace cairn::host
