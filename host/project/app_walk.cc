#include "host/project/app_walk.h"

#include "host/project/near_names.h"
#include "host/project/settings_schema.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace cairn::host {
namespace {

constexpr StageKind kStages[] = {StageKind::Build, StageKind::Push, StageKind::Deploy, StageKind::Release};

std::optional<Hook> readHook(const SettingsNode& node, const std::string& path, Errors& errors) {
  const std::size_t before = errors.size();
  TableWalk walk(node, path, errors);
  Hook hook{.position = node.position};
  const auto when = walk.choice("when", {"before", "after"});
  if (!when && node.find("when") == nullptr)
    walk.missing("when", "write when = \"before\" or when = \"after\"");
  hook.when = when.value_or(0) == 0 ? Hook::When::Before : Hook::When::After;
  if (const SettingsNode* run = walk.list("run")) {
    hook.run = *run->list();
    for (std::size_t i = 0; i < hook.run.size(); ++i) {
      if (hook.run[i].text() != nullptr) continue;
      errors.push_back(
          wrongType(hook.run[i], walk.pathOf("run") + "[" + std::to_string(i) + "]", "a string"));
    }
    if (hook.run.empty())
      walk.fail(run->position, "bad-value", "'" + walk.pathOf("run") + "' is empty",
                "name a program: run = [\"./migrate.sh\"]", "run");
  } else if (node.find("run") == nullptr) {
    walk.missing("run", "name a program: run = [\"./migrate.sh\"]");
  }
  hook.onFailure = walk.choice("on_failure", {"fail", "continue"}).value_or(0) == 0
                       ? Hook::OnFailure::Fail
                       : Hook::OnFailure::Continue;
  hook.timeout = walk.duration("timeout");
  walk.finish();
  return errors.size() == before ? std::optional(std::move(hook)) : std::nullopt;
}

void refuseLater(TableWalk& walk, std::string_view key) {
  if (const SettingsNode* node = walk.any(key)) {
    walk.fail(node->position, "not-supported",
              "'" + walk.pathOf(key) + "' is not supported in this version of Cairn",
              "take it out of the file", key);
  }
}

// A mapper belongs to an app, whose chains it is a part of; a gate's place ties it to a stage.
void refuseMapper(TableWalk& walk) {
  const SettingsNode* node = walk.any("mapper");
  if (node == nullptr) return;
  const std::string path = walk.pathOf("");
  const std::size_t stage = path.rfind('.', path.size() - 2);
  const std::string app = path.substr(0, stage);
  walk.fail(node->position, "misplaced-key", "'" + walk.pathOf("mapper") + "': a stage has no mappers",
            "declare it under [[" + app + ".mapper]]; gate = [\"" +
                path.substr(stage + 1, path.size() - stage - 2) + "\"] ties it to this stage",
            "mapper");
}

Stage readStage(StageKind kind, const SettingsNode& node, const std::string& path, Completeness completeness,
                Errors& errors) {
  TableWalk walk(node, path, errors);
  Stage stage{.kind = kind, .position = node.position};
  if (auto use = walk.text("use")) {
    stage.use = *use;
    stage.usePosition = node.find("use")->position;
    if (use->empty())
      walk.fail(stage.usePosition, "bad-value", "'" + path + ".use' is empty", "name a plugin", "use");
  } else if (completeness == Completeness::Whole && node.find("use") == nullptr) {
    walk.missing("use", "name the component that does it, such as use = \"docker\"");
  }
  stage.labels = readLabels(walk, errors);
  stage.timeout = walk.duration("timeout");
  if (const SettingsNode* hooks = walk.list("hook")) {
    for (std::size_t i = 0; i < hooks->list()->size(); ++i) {
      const std::string itemPath = path + ".hook[" + std::to_string(i) + "]";
      if (auto hook = readHook((*hooks->list())[i], itemPath, errors))
        stage.hooks.push_back(std::move(*hook));
    }
  }
  refuseMapper(walk);
  refuseLater(walk, "cairn");
  stage.settings.position = node.position;
  for (const SettingsEntry* entry : walk.rest())
    std::get<SettingsNode::Table>(stage.settings.value).push_back(*entry);
  return stage;
}

void readNeeds(TableWalk& walk, App& app, Errors& errors) {
  const SettingsNode* needs = walk.list("needs");
  if (needs == nullptr) return;
  for (const SettingsNode& item : *needs->list()) {
    if (item.text() != nullptr)
      app.needs.push_back({*item.text(), item.position});
    else
      errors.push_back(wrongType(item, walk.pathOf("needs") + "[" + std::to_string(app.needs.size()) + "]",
                                 "an app's name"));
  }
}

void readPath(TableWalk& walk, const SettingsNode& node, const std::filesystem::path& root, App& app) {
  app.path = root;
  const auto written = walk.text("path");
  if (!written) return;
  app.path = (root / *written).lexically_normal();
  if (!app.path.has_filename()) app.path = app.path.parent_path();
  std::error_code ignored;
  if (std::filesystem::is_directory(app.path, ignored)) return;
  walk.fail(node.find("path")->position, "no-folder",
            "app '" + app.name + "' has the path \"" + *written + "\", which is no folder",
            "paths are relative to the folder of cairn.toml", "path");
}

// Depth first; `trail` is the way from the first app to this one.
class CycleSearch {
 public:
  CycleSearch(const std::vector<App>& apps, Errors& errors)
      : apps_(apps), errors_(errors), done_(apps.size()), onTrail_(apps.size()) {
    for (std::size_t i = 0; i < apps.size(); ++i) indices_.emplace(apps[i].name, i);
  }

  bool knows(const std::string& app) const { return indices_.count(app) > 0; }

  void visit(std::size_t index) {
    if (done_[index]) return;
    trail_.push_back(index);
    onTrail_[index] = true;
    for (const Need& need : apps_[index].needs) {
      if (const auto next = indices_.find(need.app); next != indices_.end()) follow(need, next->second);
    }
    trail_.pop_back();
    onTrail_[index] = false;
    done_[index] = true;
  }

 private:
  void follow(const Need& need, std::size_t next) {
    if (!onTrail_[next]) return visit(next);
    const auto seen = std::find(trail_.begin(), trail_.end(), next);
    std::string path;
    for (auto at = seen; at != trail_.end(); ++at) path += apps_[*at].name + " → ";
    errors_.push_back({.kind = ErrorKind::Config,
                       .code = "needs-cycle",
                       .message = "apps need each other in a circle: " + path + need.app,
                       .hint = "take one of them out of `needs`",
                       .position = need.position,
                       .settingPath = "app." + apps_[trail_.back()].name + ".needs"});
  }

  const std::vector<App>& apps_;
  Errors& errors_;
  std::unordered_map<std::string_view, std::size_t> indices_;
  std::vector<bool> done_;
  std::vector<bool> onTrail_;
  std::vector<std::size_t> trail_;
};

}  // namespace

LabelNodes readLabels(TableWalk& walk, Errors& errors) {
  LabelNodes out;
  const SettingsNode* labels = walk.table("labels");
  if (labels == nullptr) return out;
  for (const SettingsEntry& entry : *labels->table()) {
    if (entry.value.text() != nullptr)
      out.insert_or_assign(entry.name, entry.value);
    else
      errors.push_back(wrongType(entry.value, walk.pathOf("labels") + "." + entry.name, "a string"));
  }
  return out;
}

App readApp(const SettingsEntry& entry, const std::string& path, const std::filesystem::path& root,
            Completeness completeness, Errors& errors) {
  App app{.name = entry.name, .position = entry.position};
  TableWalk walk(entry.value, path, errors);
  if (const std::string problem = nameProblem(entry.name); !problem.empty()) {
    walk.fail(entry.position, "bad-name", "'" + entry.name + "' is no name for an app: " + problem);
  }
  readPath(walk, entry.value, root, app);
  app.labels = readLabels(walk, errors);
  readNeeds(walk, app, errors);
  app.keep = static_cast<std::uint32_t>(walk.integer("keep", 0, 1'000'000).value_or(app.keep));
  walk.any("mapper");  // read by mapper_scopes.h, with those of all other scopes
  for (StageKind kind : kStages) {
    const std::string table(stageTable(kind));
    if (const SettingsNode* node = walk.table(table)) {
      app.stages.push_back(readStage(kind, *node, path + "." + table, completeness, errors));
    }
  }
  if (completeness == Completeness::Whole && app.stages.empty() && walk.rest().empty()) {
    walk.fail(entry.position, "missing-key", "app '" + entry.name + "' has nothing to do",
              "add a stage, such as [" + path + ".deploy]");
  }
  walk.finish();
  return app;
}

void checkNeeds(const std::vector<App>& apps, Errors& errors) {
  std::vector<std::string> names;
  for (const App& app : apps) names.push_back(app.name);
  CycleSearch search(apps, errors);
  for (const App& app : apps) {
    for (const Need& need : app.needs) {
      if (search.knows(need.app)) continue;
      errors.push_back(
          {.kind = ErrorKind::Config,
           .code = "unknown-app",
           .message = "app '" + app.name + "' needs '" + need.app + "', which is no app of this file",
           .hint = nameHint(need.app, names),
           .position = need.position,
           .settingPath = "app." + app.name + ".needs"});
    }
  }
  for (std::size_t i = 0; i < apps.size(); ++i) search.visit(i);
}

}  // namespace cairn::host
