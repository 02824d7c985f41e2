#include "host/project/app_walk.h"
#include "host/project/expression_check.h"
#include "host/project/mapper_rules_walk.h"
#include "host/project/mapper_scopes.h"
#include "host/project/near_names.h"
#include "host/project/project.h"
#include "host/project/table_walk.h"
#include "host/project/text_file.h"
#include "host/project/toml_reader.h"

#include <algorithm>

namespace cairn::host {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kTypes = {"string", "number", "bool", "list", "map"};

VariableDeclaration readVariable(const SettingsEntry& entry, Errors& errors) {
  VariableDeclaration out{.name = entry.name, .position = entry.position};
  TableWalk walk(entry.value, "variables." + entry.name, errors);
  if (const std::string problem = variableNameProblem(entry.name); !problem.empty()) {
    walk.fail(entry.position, "bad-name", "'" + entry.name + "' is no name for a variable: " + problem);
  }
  out.type = static_cast<VariableType>(walk.choice("type", kTypes).value_or(0));
  if (const SettingsNode* value = walk.any("default")) {
    if (auto error = checkVariable(out, *value, "variables." + entry.name + ".default"))
      errors.push_back(*error);
    else
      out.defaultValue = *value;
  }
  out.secret = walk.boolean("secret").value_or(false);
  out.description = walk.text("description").value_or("");
  out.env = walk.texts("env");
  walk.finish();
  return out;
}

class ProjectReader {
 public:
  ProjectReader(Project& project, const std::string& workspace) : project_(project), workspace_(workspace) {}

  // Whether what the file says of mappers was not understood whole.
  bool mappersInDoubt() const { return mappersInDoubt_; }

  Errors read(SettingsNode tree) {
    // Names first: overrides are checked against what the file itself declares.
    if (const SettingsNode* apps = tree.find("app")) base_ = *apps;
    readWorkspaces(tree);
    // Before the workspace's tables are laid over: mappers are replaced whole, never merged.
    const std::size_t before = errors_.size();
    readMappers(tree);
    mappersInDoubt_ = errors_.size() > before;
    if (const SettingsNode* found = tree.find("workspace")) {
      if (const SettingsNode* over = found->find(workspace_)) applyWorkspace(tree, *over);
    }
    readWhole(tree);
    checkNeeds(project_.apps, errors_);
    checkExpressions(project_, errors_);
    return inFileOrder();
  }

 private:
  void readWhole(const SettingsNode& tree) {
    TableWalk walk(tree, "", errors_);
    readName(walk, tree);
    const LabelNodes labels = readLabels(walk, errors_);
    const auto keep = walk.integer("keep", 0, 1'000'000);
    project_.environment = walk.texts("env");
    if (const SettingsNode* apps = walk.table("app")) {
      for (const SettingsEntry& entry : *apps->table()) {
        App app = readApp(entry, "app." + entry.name, project_.root, Completeness::Whole, errors_);
        app.labels.insert(labels.begin(), labels.end());
        if (keep && entry.value.find("keep") == nullptr) app.keep = static_cast<std::uint32_t>(*keep);
        project_.apps.push_back(std::move(app));
      }
    }
    if (tree.find("app") == nullptr) walk.missing("app", "add an app: [app.web]");
    if (const SettingsNode* variables = walk.table("variables")) {
      for (const SettingsEntry& entry : *variables->table())
        project_.variables.push_back(readVariable(entry, errors_));
    }
    readPlugins(walk);
    project_.mapperRules = readMapperRules(walk, project_.mappers, errors_);
    project_.typeFiles = readTypeFiles(walk, project_.root, errors_);
    walk.any("mapper");
    walk.any("workspace");
    walk.finish();
  }

  void readName(TableWalk& walk, const SettingsNode& tree) {
    const auto name = walk.text("project");
    if (!name) {
      if (tree.find("project") == nullptr) walk.missing("project", "name the project: project = \"shop\"");
      return;
    }
    project_.name = *name;
    if (const std::string problem = nameProblem(*name); !problem.empty()) {
      walk.fail(tree.find("project")->position, "bad-name",
                "'" + *name + "' is no name for a project: " + problem, "", "project");
    }
  }

  void readPlugins(TableWalk& walk) {
    const SettingsNode* plugins = walk.table("plugins");
    if (plugins == nullptr) return;
    for (const SettingsEntry& entry : *plugins->table()) {
      TableWalk plugin(entry.value, "plugins." + entry.name, errors_);
      if (const auto path = plugin.text("path")) {
        project_.plugins.push_back({entry.name, (project_.root / *path).lexically_normal(), entry.position});
      } else if (entry.value.find("path") == nullptr) {
        plugin.missing("path", "say where the plugin is: path = \"./plugins/" + entry.name + "\"");
      }
      plugin.finish();
    }
  }

  // Every workspace is checked, also those that are not chosen.
  void readWorkspaces(const SettingsNode& tree) {
    const SettingsNode* workspaces = tree.find("workspace");
    if (workspaces == nullptr) return;
    TableWalk all(*workspaces, "workspace", errors_);
    for (const SettingsEntry* entry : all.rest()) readWorkspace(*entry, tree);
  }

  void readWorkspace(const SettingsEntry& entry, const SettingsNode& tree) {
    const std::string path = "workspace." + entry.name;
    project_.workspaces.push_back(entry.name);
    TableWalk walk(entry.value, path, errors_);
    if (const std::string problem = nameProblem(entry.name); !problem.empty()) {
      walk.fail(entry.position, "bad-name", "'" + entry.name + "' is no name for a workspace: " + problem);
    }
    readLabels(walk, errors_);
    walk.any("mapper");
    if (const SettingsNode* apps = walk.table("app")) {
      for (const SettingsEntry& app : *apps->table()) {
        if (!checkDeclared(app, base_, "app", "unknown-app", path)) continue;
        readApp(app, path + ".app." + app.name, project_.root, Completeness::Override, errors_);
      }
    }
    if (const SettingsNode* variables = walk.table("variables")) {
      for (const SettingsEntry& variable : *variables->table()) checkVariableOverride(variable, tree, path);
    }
    walk.finish();
  }

  void readMappers(const SettingsNode& tree) {
    std::map<std::string, fs::path> folders;
    for (const SettingsEntry& app : base_.table() != nullptr ? *base_.table() : SettingsNode::Table()) {
      const SettingsNode* path = app.value.find("path");
      const bool written = path != nullptr && path->text() != nullptr;
      folders[app.name] = written ? (project_.root / *path->text()).lexically_normal() : project_.root;
    }
    const MapperLayer base = readMapperLayer(tree, "", project_.root, folders, errors_);
    const MapperSurroundings surroundings = surroundingsOf(tree);
    project_.mappers = layMappers(base, {}, errors_);
    checkMappers(project_.mappers, surroundings, errors_);
    const SettingsNode* workspaces = tree.find("workspace");
    if (workspaces == nullptr || workspaces->table() == nullptr) return;
    for (const SettingsEntry& entry : *workspaces->table()) {
      const std::string prefix = "workspace." + entry.name + ".";
      const MapperLayer over = readMapperLayer(entry.value, prefix, project_.root, folders, errors_);
      if (over.empty()) continue;
      auto mappers = layMappers(base, over, errors_);
      checkMappers(mappers, surroundings, errors_);
      if (entry.name == workspace_) project_.mappers = std::move(mappers);
    }
  }

  void checkVariableOverride(const SettingsEntry& variable, const SettingsNode& tree,
                             const std::string& path) {
    static const SettingsNode kNone;
    const SettingsNode* declared = tree.find("variables");
    if (!checkDeclared(variable, declared != nullptr ? *declared : kNone, "variables", "unknown-variable",
                       path))
      return;
    TableWalk keys(variable.value, path + ".variables." + variable.name, errors_);
    keys.any("default");
    keys.finish();
  }

  bool checkDeclared(const SettingsEntry& entry, const SettingsNode& declared, const std::string& table,
                     const char* code, const std::string& workspace) {
    if (declared.find(entry.name) != nullptr) return true;
    std::vector<std::string> names;
    for (const SettingsEntry& known :
         declared.table() != nullptr ? *declared.table() : SettingsNode::Table()) {
      names.push_back(known.name);
    }
    errors_.push_back(
        {.kind = ErrorKind::Config,
         .code = code,
         .message = "'" + workspace + "' overrides [" + table + "." + entry.name + "], which is not declared",
         .hint = nameHint(entry.name, names),
         .position = entry.position,
         .settingPath = workspace + "." + table + "." + entry.name});
    return false;
  }

  // Lays the chosen workspace's tables over the file's own; what doesn't fit has been told by
  // readWorkspaces().
  void applyWorkspace(SettingsNode& tree, const SettingsNode& over) {
    if (const SettingsNode* labels = over.find("labels")) mergeInto(tree, "labels", *labels);
    if (const SettingsNode* variables = over.find("variables")) mergeKnown(tree, "variables", *variables);
    const SettingsNode* apps = over.find("app");
    if (apps == nullptr || apps->table() == nullptr) return;
    for (const SettingsEntry& app : *apps->table()) {
      SettingsNode* base = tree.find("app") != nullptr ? tree.find("app")->find(app.name) : nullptr;
      if (base != nullptr && app.value.table() != nullptr && base->table() != nullptr)
        applyApp(*base, app.value);
    }
  }

  static void applyApp(SettingsNode& base, const SettingsNode& over) {
    for (const SettingsEntry& entry : *over.table()) {
      if (entry.name == "mapper") continue;
      if (entry.value.find("use") != nullptr)
        base.set(entry.name, entry.value);  // another component: its own settings
      else
        mergeInto(base, entry.name, entry.value);
    }
  }

  static void mergeInto(SettingsNode& parent, const std::string& name, const SettingsNode& over) {
    if (SettingsNode* present = parent.find(name))
      mergeSettings(*present, over);
    else
      parent.set(name, over);
  }

  static void mergeKnown(SettingsNode& tree, const std::string& name, const SettingsNode& over) {
    SettingsNode* base = tree.find(name);
    if (base == nullptr || over.table() == nullptr) return;
    for (const SettingsEntry& entry : *over.table()) {
      if (SettingsNode* declared = base->find(entry.name)) {
        // A default is replaced as a whole: a map that could only grow would be a surprise.
        if (const SettingsNode* value = entry.value.find("default")) declared->set("default", *value);
      }
    }
  }

  // What is read twice, as an override and as part of the whole, is told once.
  Errors inFileOrder() {
    std::stable_sort(errors_.begin(), errors_.end(), [](const Error& a, const Error& b) {
      return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
    });
    const auto same = [](const Error& a, const Error& b) {
      // A label of the project is also one of each app.
      const bool samePath = a.settingPath.ends_with(b.settingPath) ||
                            b.settingPath.ends_with(a.settingPath) || a.message == b.message;
      return a.position.line == b.position.line && a.position.column == b.position.column &&
             a.code == b.code && samePath;
    };
    errors_.erase(std::unique(errors_.begin(), errors_.end(), same), errors_.end());
    return std::move(errors_);
  }

  Project& project_;
  const std::string& workspace_;
  SettingsNode base_;
  Errors errors_;
  bool mappersInDoubt_ = false;
};

// Whether what was not read, from the mistake's line on, may say something of gates.
bool mayDeclareGates(const std::string& source, int line) {
  std::size_t start = 0;
  for (int at = 1; at < line && start != std::string::npos; ++at) {
    start = source.find('\n', start);
    if (start != std::string::npos) ++start;
  }
  if (start == std::string::npos || line < 1) start = 0;
  return source.find("gate", start) != std::string::npos || source.find("mapper", start) != std::string::npos;
}

// [[mapprs]] may have been meant to declare one.
bool hidesMappers(const Errors& mistakes) {
  static const std::vector<std::string> kName = {"mapper"};
  return std::any_of(mistakes.begin(), mistakes.end(), [](const Error& mistake) {
    const std::string& path = mistake.settingPath;
    return mistake.code == "unknown-key" && !nearestName(path.substr(path.rfind('.') + 1), kName).empty();
  });
}

// As the user would name it from where they stand.
std::string shownPath(const fs::path& file) {
  std::error_code problem;
  const fs::path relative = fs::relative(file, fs::current_path(problem), problem);
  return problem || relative.empty() ? file.string() : relative.string();
}

}  // namespace

Result<fs::path> findProjectFile(const LoadOptions& options) {
  std::error_code problem;
  const fs::path start =
      fs::absolute(options.folder.empty() ? fs::current_path(problem) : options.folder, problem);
  fs::path folder = start.lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  for (;; folder = folder.parent_path()) {
    if (fs::is_regular_file(folder / kProjectFile, problem)) return folder / kProjectFile;
    if (!options.searchUpwards || folder == folder.parent_path()) break;
  }
  return Error{.kind = ErrorKind::Config,
               .code = "no-project",
               .message = "there is no cairn.toml in " + start.string() +
                          (options.searchUpwards ? " or any folder above it" : ""),
               .hint = "go to a project's folder, name it with -C, or begin one with `cairn init`"};
}

Result<FaultyProject, Errors> loadProjectWithMistakes(const LoadOptions& options) {
  auto path = findProjectFile(options);
  if (!path) return Errors{std::move(path).error()};
  Project project{.root = path->parent_path(), .file = shownPath(*path), .workspace = options.workspace};
  if (const std::string problem = nameProblem(options.workspace); !problem.empty()) {
    return Errors{{.kind = ErrorKind::Config,
                   .code = "bad-name",
                   .message = "'" + options.workspace + "' is no name for a workspace: " + problem}};
  }
  auto text = readTextFile(*path, project.file);
  if (!text) return Errors{std::move(text).error()};
  project.source = std::move(*text);
  auto tree = readToml(project.source, project.file);
  if (!tree) {
    // What the half of a file seems to lack may stand in the other half: only its syntax is told.
    SettingsNode above = readTomlAbove(project.source, project.file, tree.error().position.line);
    ProjectReader reader(project, options.workspace);
    (void)reader.read(std::move(above));
    const bool inDoubt =
        reader.mappersInDoubt() || mayDeclareGates(project.source, tree.error().position.line);
    return FaultyProject{std::move(project), {std::move(tree).error()}, true, inDoubt};
  }
  ProjectReader reader(project, options.workspace);
  Errors errors = reader.read(std::move(*tree));
  const bool inDoubt = reader.mappersInDoubt() || hidesMappers(errors);
  return FaultyProject{std::move(project), std::move(errors), false, inDoubt};
}

Result<Project, Errors> loadProject(const LoadOptions& options) {
  auto loaded = loadProjectWithMistakes(options);
  if (!loaded) return std::move(loaded).error();
  if (!loaded->mistakes.empty()) return std::move(loaded->mistakes);
  return std::move(loaded->project);
}

}  // namespace cairn::host
