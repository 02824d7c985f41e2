#pragma once
// Mappers, gates and rules of the search as cairn.toml declares them: [[mapper]], [types], [mappers].
//
// Plain data with the place of everything in the file. Type names are as written: which type a name means is
// known once the schemas of plugins and of [types] are read.
//
// Scopes: a mapper of an app hides the project's of the same name in that app, and a workspace's hides both
// kinds' own; always the whole declaration. From narrow to wide: [[workspace.W.app.NAME.mapper]],
// [[app.NAME.mapper]], [[workspace.W.mapper]], [[mapper]].

#include "host/project/settings_node.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::host {

struct DeclaredInput {
  std::string type;  // "oci.Image"
  std::string role;  // the name of `${input.ROLE.…}`; empty for the single input of `from`
  SourcePosition position;
};

// Where a gate stands: every chain into such a stage must pass its mapper. Parts that are empty stand for
// "any"; at least one is not.
struct GatePlace {
  std::string app;
  std::string stage;      // as the file's table is named: "build", "registry", "deploy", "release"
  std::string component;  // what a stage's `use` says, or the plugin in front of its '/'
  SourcePosition position;

  bool covers(std::string_view app, std::string_view stage, std::string_view use) const;
  std::string text() const;  // as it is written: "deploy", "deploy.nomad", "app.web", "app.web.deploy"
};

enum class DeclaredEffects { Pure, Idempotent, Effectful };
enum class MapperKind { Run, Set, Use };

struct MapperDeclaration {
  std::string name;
  std::string app;                    // declared under [[app.NAME.mapper]]; empty: the project's
  std::vector<DeclaredInput> inputs;  // at least one
  DeclaredInput output;               // its role is empty

  MapperKind kind = MapperKind::Run;
  std::vector<SettingsNode> run;  // strings that may hold ${…}; the first is the program
  SettingsNode set;               // a table: field of the output → value, may hold ${input.…}
  std::string use;                // "plugin" or "plugin/mapper"
  SettingsNode settings;          // a table, decoded by the schema of the plugin's mapper

  std::vector<GatePlace> gate;        // empty: no gate
  bool saysGate = false;              // `gate` is written, maybe as []
  std::vector<std::string> after;     // names of gates that come before this one
  std::vector<std::string> apps;      // the apps this mapper is for; empty: all
  std::vector<std::string> hiddenIn;  // apps that have a mapper of this name of their own

  std::optional<std::uint32_t> cost;
  bool lossy = false;
  std::optional<DeclaredEffects>
      effects;  // none said: `run` is idempotent, `set` is pure, `use` as its manifest
  std::optional<std::chrono::milliseconds> timeout;
  std::vector<std::string>
      environment;               // names of variables that `run` may see; "AWS_*" names all with that start
  std::filesystem::path folder;  // absolute: where `run` starts; the project's folder unless said

  SourcePosition position;
  SourcePosition usePosition;
  std::vector<SourcePosition> afterPositions;  // one for each of `after`

  bool isGate() const { return !gate.empty(); }
  // A gate from a type to itself with `gate = []`: no app has it.
  bool isSwitchedOff() const;
  // Whether `app` has this mapper, by `app`, `apps` and `hiddenIn`, and is not switched off.
  bool isFor(std::string_view app) const;
  // "project/scan"; of an app: "project/web.scan".
  std::string id() const;
  // Its table in the file, as paths of settings begin: "mapper.scan", "app.web.mapper.scan".
  std::string path() const;
};

// A rule names one mapper by its id ("docker/to-oci", "docker@1.2.0/to-oci", "project/scan"), a plugin
// ("docker"; "project" for all mappers of the file) or the type that is made ("oci.Image"). A '/' makes it a
// mapper; else a '.' makes it a type.
struct MapperRule {
  enum class Kind { Mapper, Plugin, Type };
  Kind kind = Kind::Mapper;
  std::string name;
  SourcePosition position;
};

enum class MapperPolicy { Shortest, Cost, Lossless };

struct MapperRules {
  MapperPolicy policy = MapperPolicy::Shortest;
  bool strict = false;  // two equally good chains are an error, no warning
  std::vector<MapperRule> pin;
  std::vector<MapperRule> forbid;
  std::vector<MapperRule> prefer;
};

struct TypeFile {
  std::filesystem::path path;  // absolute: a .capnp file
  SourcePosition position;
};

}  // namespace cairn::host
