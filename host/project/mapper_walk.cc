#include "host/project/mapper_walk.h"

#include "host/project/gate_place.h"
#include "host/project/inside_project.h"
#include "host/project/mapper_types_walk.h"
#include "host/project/table_walk.h"

#include <unordered_map>

namespace cairn::host {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kHighestCost = 1'000'000;  // what the search takes

class MapperReader {
 public:
  MapperReader(const SettingsNode& node, const std::string& path, const MapperScope& scope, Errors& errors)
      : node_(node), scope_(scope), errors_(errors), walk_(node, path, errors) {}

  std::optional<MapperDeclaration> read() {
    const std::size_t before = errors_.size();
    out_ = {.app = scope_.app, .folder = scope_.folder, .position = node_.position};
    readName();
    readMapperTypes(walk_, out_, errors_);
    readKind();
    readGate();
    readCost();
    readCommand();
    walk_.finish();
    if (errors_.size() == before) checkUsable();
    return errors_.size() == before ? std::optional(std::move(out_)) : std::nullopt;
  }

 private:
  void readName() {
    const auto name = walk_.text("name");
    if (!name) {
      if (node_.find("name") == nullptr) walk_.missing("name", "give it a name of its own: name = \"scan\"");
      return;
    }
    out_.name = *name;
    if (const std::string problem = nameProblem(*name); !problem.empty())
      walk_.fail(at("name"), "bad-name", "'" + *name + "' is no name for a mapper: " + problem, "", "name");
  }

  void readKind() {
    const SettingsNode* run = walk_.list("run");
    const SettingsNode* set = walk_.table("set");
    const auto use = walk_.text("use");
    int written = 0;
    for (const char* key : {"run", "set", "use"}) {
      if (node_.find(key) == nullptr) continue;
      if (++written == 2)
        walk_.fail(at(key), "one-of",
                   "'" + walk_.pathOf(key) + "' can't be set: the mapper does another thing",
                   "a mapper has one of `run`, `set` and `use`", key);
    }
    if (written == 0) {
      walk_.missing(
          "run",
          "say what it does: run = [\"./scan.sh\"], set = { field = \"…\" } or use = \"plugin/mapper\"");
    } else if (node_.find("run") != nullptr) {
      out_.kind = MapperKind::Run;
      if (run != nullptr) readRun(*run);
    } else if (node_.find("set") != nullptr) {
      out_.kind = MapperKind::Set;
      if (set != nullptr) out_.set = *set;
    } else {
      out_.kind = MapperKind::Use;
      if (use) readUse(*use);
    }
    if (const SettingsNode* settings = walk_.table("settings")) {
      out_.settings = *settings;
      onlyFor("settings", MapperKind::Use);
    }
  }

  void readRun(const SettingsNode& run) {
    out_.run = *run.list();
    for (std::size_t i = 0; i < out_.run.size(); ++i) {
      if (out_.run[i].text() != nullptr) continue;
      errors_.push_back(
          wrongType(out_.run[i], walk_.pathOf("run") + "[" + std::to_string(i) + "]", "a string"));
    }
    const bool noProgram = out_.run.empty() || (out_.run[0].text() != nullptr && out_.run[0].text()->empty());
    if (noProgram)
      walk_.fail(run.position, "bad-value", "'" + walk_.pathOf("run") + "' names no program",
                 "name one: run = [\"./scan.sh\"]", "run");
  }

  void readUse(const std::string& use) {
    out_.use = use;
    out_.usePosition = at("use");
    const std::size_t slash = use.find('/');
    if (!use.empty() && slash != 0 && slash != use.size() - 1) return;
    walk_.fail(out_.usePosition, "bad-value", "'" + walk_.pathOf("use") + "' names no mapper",
               "name a plugin or its mapper: use = \"docker/to-oci\"", "use");
  }

  void readGate() {
    const SettingsNode* node = walk_.any("gate");
    out_.saysGate = node != nullptr;
    if (node != nullptr) readGatePlaces(*node);
    out_.after = walk_.texts("after");
    const SettingsNode* after = node_.find("after");
    for (std::size_t i = 0; i < out_.after.size(); ++i)
      out_.afterPositions.push_back(after->list() != nullptr ? (*after->list())[i].position
                                                             : after->position);
    if (after != nullptr && node == nullptr)
      walk_.fail(after->position, "misplaced-key",
                 "'" + walk_.pathOf("after") + "' orders gates, but this mapper is none",
                 "say where it stands, such as gate = [\"deploy\"]", "after");
    out_.apps = walk_.texts("apps");
    if (const SettingsNode* apps = node_.find("apps"); apps != nullptr && !scope_.app.empty())
      walk_.fail(apps->position, "misplaced-key",
                 "'" + walk_.pathOf("apps") + "' has no meaning: this is a mapper of the app '" + scope_.app +
                     "' alone",
                 "declare the mapper under [[mapper]] to share it among apps", "apps");
  }

  void readGatePlaces(const SettingsNode& node) {
    SettingsNode::List single;
    const SettingsNode::List* list = node.list();
    if (node.text() != nullptr) {
      single.push_back(node);
      list = &single;
    }
    if (list == nullptr) {
      errors_.push_back(wrongType(node, walk_.pathOf("gate"), "a list such as [\"deploy\"]"));
      return;
    }
    for (const SettingsNode& item : *list) {
      if (item.text() == nullptr) {
        errors_.push_back(wrongType(item, walk_.pathOf("gate"), "a string such as \"deploy\""));
        continue;
      }
      std::string why;
      auto place = parseGatePlace(*item.text(), why);
      if (!place) {
        walk_.fail(
            item.position, "unknown-gate-place",
            "'" + walk_.pathOf("gate") + "' can't be \"" + *item.text() + "\": " + why,
            "write a stage, \"deploy\", one of its components, \"deploy.nomad\", an app, \"app.web\", or "
            "an app's stage, \"app.web.deploy\"",
            "gate");
        continue;
      }
      place->position = item.position;
      out_.gate.push_back(std::move(*place));
    }
  }

  void readCost() {
    if (const auto cost = walk_.integer("cost", 0, kHighestCost))
      out_.cost = static_cast<std::uint32_t>(*cost);
    out_.lossy = walk_.boolean("lossy").value_or(false);
    const auto pure = walk_.boolean("pure");
    if (const auto effects = walk_.choice("effects", {"pure", "idempotent", "effectful"}))
      out_.effects = static_cast<DeclaredEffects>(*effects);
    const bool both = node_.find("pure") != nullptr && node_.find("effects") != nullptr;
    if (both)
      walk_.fail(at("pure"), "one-of", "'" + walk_.pathOf("pure") + "' can't be set beside 'effects'",
                 "pure = true is short for effects = \"pure\"", "pure");
    else if (pure)
      out_.effects = *pure ? DeclaredEffects::Pure : DeclaredEffects::Idempotent;
    const bool set = node_.find("set") != nullptr;
    if (set && out_.effects && *out_.effects != DeclaredEffects::Pure)
      walk_.fail(at(pure ? "pure" : "effects"), "misplaced-key", "a mapper with `set` is pure by its nature",
                 "take the key out", pure ? "pure" : "effects");
  }

  void readCommand() {
    out_.timeout = walk_.duration("timeout");
    if (out_.timeout && out_.timeout->count() == 0)
      walk_.fail(at("timeout"), "bad-value", "'" + walk_.pathOf("timeout") + "' leaves no time at all",
                 "leave it out for no limit of its own", "timeout");
    if (out_.kind == MapperKind::Set) onlyFor("timeout", MapperKind::Run);
    out_.environment = walk_.texts("environment");
    onlyFor("environment", MapperKind::Run);
    if (const auto folder = walk_.text("folder")) readFolder(*folder);
    onlyFor("folder", MapperKind::Run);
  }

  void readFolder(const std::string& written) {
    const auto folder = insideProject(written, scope_.root, scope_.root);
    if (!folder) {
      walk_.fail(at("folder"), "outside-project",
                 "'" + walk_.pathOf("folder") + "' is \"" + written + "\", which leads out of the project",
                 "write an absolute path if that is meant", "folder");
      return;
    }
    out_.folder = *folder;
    std::error_code ignored;
    if (fs::is_directory(out_.folder, ignored)) return;
    walk_.fail(at("folder"), "no-folder",
               "'" + walk_.pathOf("folder") + "' is \"" + written + "\", which is no folder",
               "paths are relative to the folder of cairn.toml", "folder");
  }

  void onlyFor(const char* key, MapperKind kind) {
    static constexpr const char* kKeys[] = {"run", "set", "use"};
    const SettingsNode* node = node_.find(key);
    const bool oneKind =
        node_.find("run") != nullptr || node_.find("set") != nullptr || node_.find("use") != nullptr;
    if (node == nullptr || !oneKind || out_.kind == kind) return;
    walk_.fail(node->position, "misplaced-key",
               "'" + walk_.pathOf(key) + "' is for a mapper with `" + kKeys[static_cast<int>(kind)] +
                   "`; this one has `" + kKeys[static_cast<int>(out_.kind)] + "`",
               "take the key out", key);
  }

  // The search never needs what makes a value of a type that is already there.
  void checkUsable() {
    if (out_.saysGate) return;  // `gate = []` switches off what it takes the place of
    for (const DeclaredInput& input : out_.inputs) {
      if (input.type != out_.output.type) continue;
      walk_.fail(out_.output.position, "mapper-never-used",
                 "mapper '" + out_.name + "' makes " + input.type + " from " + input.type +
                     " and is no gate, so it would never be used",
                 "say what must pass it, such as gate = [\"deploy\"]", "to");
      return;
    }
  }

  const SourcePosition& at(const char* key) const { return node_.find(key)->position; }

  const SettingsNode& node_;
  const MapperScope& scope_;
  Errors& errors_;
  TableWalk walk_;
  MapperDeclaration out_;
};

// By its name, as it is told everywhere; by its place where it has none.
std::string pathOf(const SettingsNode& node, const MapperScope& scope, std::size_t index) {
  const SettingsNode* name = node.find("name");
  if (name != nullptr && name->text() != nullptr && nameProblem(*name->text()).empty())
    return scope.path + "." + *name->text();
  return scope.path + "[" + std::to_string(index) + "]";
}

void refuseDuplicate(const MapperDeclaration& second, const SettingsNode& node, int firstLine,
                     const std::string& path, Errors& errors) {
  errors.push_back({.kind = ErrorKind::Config,
                    .code = "duplicate-mapper",
                    .message = "mapper '" + second.name + "' is declared twice, first at line " +
                               std::to_string(firstLine),
                    .hint = "give one of them another name",
                    .position = node.find("name")->position,
                    .settingPath = path + ".name"});
}

}  // namespace

std::vector<MapperDeclaration> readMappers(const SettingsNode& list, const MapperScope& scope,
                                           Errors& errors) {
  std::vector<MapperDeclaration> out;
  if (list.list() == nullptr) {
    errors.push_back(wrongType(list, scope.path, "a list of tables: [[" + scope.path + "]]"));
    return out;
  }
  std::unordered_map<std::string, int> lines;
  for (std::size_t i = 0; i < list.list()->size(); ++i) {
    const SettingsNode& node = (*list.list())[i];
    const std::string path = pathOf(node, scope, i);
    auto mapper = MapperReader(node, path, scope, errors).read();
    if (!mapper) continue;
    const auto [first, isNew] = lines.emplace(mapper->name, mapper->position.line);
    if (isNew)
      out.push_back(std::move(*mapper));
    else
      refuseDuplicate(*mapper, node, first->second, path, errors);
  }
  return out;
}

}  // namespace cairn::host
