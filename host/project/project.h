#pragma once
// What cairn.toml says: plain data, checked, with the place of everything in the file.
//
// Settings of components stay as they were written: only the component's schema knows what they mean
// (decode_settings.h), and only a run knows what their ${…} are worth (resolve_settings.h).

#include <cairn/base/result.h>

#include "host/project/mapper_declaration.h"
#include "host/project/settings_node.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::host {

inline constexpr std::string_view kProjectFile = "cairn.toml";
inline constexpr std::string_view kDefaultWorkspace = "default";

// In the order they run. In the file `Push` is the table "registry"; the others are named as here.
enum class StageKind { Build, Push, Deploy, Release };

std::string_view stageTable(StageKind kind);  // "build", "registry", "deploy", "release"

using LabelNodes = std::map<std::string, SettingsNode>;  // values are strings and may hold ${…}

struct Hook {
  enum class When { Before, After };
  enum class OnFailure { Fail, Continue };
  When when = When::Before;
  std::vector<SettingsNode> run;  // strings; the first is the program
  OnFailure onFailure = OnFailure::Fail;
  std::optional<std::chrono::milliseconds> timeout;
  SourcePosition position;
};

struct Stage {
  StageKind kind = StageKind::Build;
  std::string use;
  SourcePosition usePosition;
  SettingsNode settings;  // a table: the component's own keys, none of the host's
  LabelNodes labels;
  std::vector<Hook> hooks;
  std::optional<std::chrono::milliseconds> timeout;
  SourcePosition position;
};

struct Need {
  std::string app;
  SourcePosition position;
};

struct App {
  std::string name;
  std::filesystem::path path;  // absolute; an existing folder
  LabelNodes labels;           // the project's, overridden by the app's
  std::vector<Need> needs;
  std::vector<Stage> stages;  // those in the file, in the order they run
  std::uint32_t keep = 2;     // how many old deployments stay after a release
  SourcePosition position;

  const Stage* stage(StageKind kind) const;
};

enum class VariableType { Text, Number, Bool, List, Map };

struct VariableDeclaration {
  std::string name;
  VariableType type = VariableType::Text;
  std::optional<SettingsNode> defaultValue;
  bool secret = false;
  std::string description;
  std::vector<std::string> env;  // environment variables that are asked, the first that is set wins
  SourcePosition position;
};

struct PluginPath {
  std::string name;
  std::filesystem::path path;  // absolute: the plugin's folder or its program; may not exist yet
  SourcePosition position;
};

struct Project {
  std::string name;
  std::filesystem::path root;  // absolute: the folder of the file
  std::string file;            // as positions name it: relative to where the user stands, "../cairn.toml"
  std::string source;          // the file's text
  std::string workspace;       // the one its overrides were taken from
  std::vector<App> apps;       // in the file's order
  std::vector<std::string> workspaces;  // those with overrides, in the file's order
  std::vector<VariableDeclaration> variables;
  std::vector<PluginPath> plugins;
  std::vector<std::string> environment;  // names that ${env.…} may see
  std::vector<MapperDeclaration>
      mappers;  // the project's and the apps', in the file's order, overrides applied
  MapperRules mapperRules;
  std::vector<TypeFile> typeFiles;

  const App* app(std::string_view name) const;
  // Indices into `apps`, each after all it needs, the file's order otherwise; of a circle too.
  std::vector<std::size_t> appOrder() const;
};

struct LoadOptions {
  std::filesystem::path folder;  // where the search for cairn.toml begins; empty: the current folder
  bool searchUpwards = true;     // also in the folders above; `-C` turns it off
  std::string workspace{kDefaultWorkspace};
};

// The path of the cairn.toml that loadProject() would read. Error: no-project.
Result<std::filesystem::path> findProjectFile(const LoadOptions& options);

// Reads and checks the file. No process is started; only the file and the existence of folders are looked at.
//
// A syntax error comes alone; otherwise every mistake of the file comes in one answer, in the file's order.
Result<Project, Errors> loadProject(const LoadOptions& options);

// As much of a file as could be understood: enough to find what is on record for it, and to remove that,
// while the file is broken.
struct FaultyProject {
  Project project;        // its name may be empty, if there are mistakes
  Errors mistakes = {};   // what loadProject() would have said; may be empty
  bool cutShort = false;  // only what stands above the one mistake was read
  // Whether a gate may be declared that is not among the project's mappers, or that is another one.
  bool gatesInDoubt = false;
};

// Errors: no-project, unreadable-file, bad-name of the workspace.
Result<FaultyProject, Errors> loadProjectWithMistakes(const LoadOptions& options);

}  // namespace cairn::host
