#include "host/project/mapper_rules_walk.h"

#include "host/project/inside_project.h"
#include "host/project/mapper_types_walk.h"
#include "host/project/near_names.h"

#include <algorithm>
#include <map>

namespace cairn::host {
namespace {

constexpr std::string_view kProjectMapper = "project/";

class RulesReader {
 public:
  RulesReader(TableWalk& walk, const std::vector<MapperDeclaration>& mappers) : walk_(walk) {
    for (const MapperDeclaration& mapper : mappers) ids_.push_back(mapper.id());
  }

  std::vector<MapperRule> read(const char* key, Errors& errors) {
    std::vector<MapperRule> out;
    const SettingsNode* list = walk_.list(key);
    if (list == nullptr) return out;
    for (std::size_t i = 0; i < list->list()->size(); ++i) {
      const SettingsNode& item = (*list->list())[i];
      if (item.text() == nullptr) {
        errors.push_back(wrongType(item, walk_.pathOf(key) + "[" + std::to_string(i) + "]", "a string"));
      } else if (auto rule = ruleOf(item, key)) {
        out.push_back(std::move(*rule));
      }
    }
    return out;
  }

 private:
  std::optional<MapperRule> ruleOf(const SettingsNode& item, const char* key) {
    const std::string& name = *item.text();
    MapperRule rule{.name = name, .position = item.position};
    std::string problem;
    if (name.find('/') != std::string::npos) {
      rule.kind = MapperRule::Kind::Mapper;
      if (name.front() == '/' || name.back() == '/') problem = "a part of \"plugin/mapper\" is missing";
    } else if (name.find('@') != std::string::npos) {
      problem = "a version belongs to a mapper: \"plugin@version/mapper\"";
    } else if (name.find('.') != std::string::npos) {
      rule.kind = MapperRule::Kind::Type;
      problem = typeNameProblem(name);
    } else {
      rule.kind = MapperRule::Kind::Plugin;
      problem = nameProblem(name);
    }
    if (!problem.empty()) {
      walk_.fail(item.position, "bad-value", "'" + walk_.pathOf(key) + "' names \"" + name + "\": " + problem,
                 "write a mapper, \"docker/to-oci\", a plugin, \"docker\", or a type, \"oci.Image\"", key);
      return std::nullopt;
    }
    if (name.starts_with(kProjectMapper) && std::find(ids_.begin(), ids_.end(), name) == ids_.end()) {
      walk_.fail(item.position, "unknown-mapper",
                 "'" + walk_.pathOf(key) + "' names \"" + name + "\", which this file doesn't declare",
                 nameHint(name, ids_), key);
      return std::nullopt;
    }
    return rule;
  }

  TableWalk& walk_;
  std::vector<std::string> ids_;
};

void checkContradictions(TableWalk& walk, const MapperRules& rules) {
  std::map<std::string, int> forbidden;
  for (const MapperRule& rule : rules.forbid) forbidden.emplace(rule.name, rule.position.line);
  for (const auto& [list, key] : {std::pair(&rules.pin, "pin"), std::pair(&rules.prefer, "prefer")}) {
    for (const MapperRule& rule : *list) {
      const auto found = forbidden.find(rule.name);
      if (found == forbidden.end()) continue;
      walk.fail(rule.position, "rules-contradict",
                "'" + walk.pathOf(key) + "' names \"" + rule.name + "\", which is forbidden at line " +
                    std::to_string(found->second),
                "take it out of one of the lists", key);
    }
  }
}

}  // namespace

MapperRules readMapperRules(TableWalk& file, const std::vector<MapperDeclaration>& mappers, Errors& errors) {
  MapperRules out;
  const SettingsNode* table = file.table("mappers");
  if (table == nullptr) return out;
  TableWalk walk(*table, "mappers", errors);
  out.policy = static_cast<MapperPolicy>(walk.choice("policy", {"shortest", "cost", "lossless"}).value_or(0));
  out.strict = walk.boolean("strict").value_or(false);
  RulesReader rules(walk, mappers);
  out.pin = rules.read("pin", errors);
  out.forbid = rules.read("forbid", errors);
  out.prefer = rules.read("prefer", errors);
  checkContradictions(walk, out);
  walk.finish();
  return out;
}

std::vector<TypeFile> readTypeFiles(TableWalk& file, const std::filesystem::path& root, Errors& errors) {
  std::vector<TypeFile> out;
  const SettingsNode* table = file.table("types");
  if (table == nullptr) return out;
  TableWalk walk(*table, "types", errors);
  if (const SettingsNode* files = walk.list("files")) {
    for (const SettingsNode& item : *files->list()) {
      if (item.text() == nullptr) {
        errors.push_back(wrongType(item, "types.files", "the path of a .capnp file"));
        continue;
      }
      const std::string& written = *item.text();
      const auto path = insideProject(written, root, root);
      const bool twice = path && std::any_of(out.begin(), out.end(),
                                             [&](const TypeFile& other) { return other.path == *path; });
      if (!path || std::filesystem::path(written).is_absolute()) {
        walk.fail(item.position, "outside-project",
                  "'types.files' names \"" + written + "\", which leads out of the project",
                  "move the file into the project's folder", "files");
      } else if (path->extension() != ".capnp") {
        walk.fail(item.position, "bad-value",
                  "'types.files' names \"" + written + "\", which is no .capnp file",
                  "types are written as Cap'n Proto schemas", "files");
      } else if (twice) {
        walk.fail(item.position, "bad-value", "'types.files' names \"" + written + "\" twice",
                  "take one of them out", "files");
      } else {
        out.push_back({*path, item.position});
      }
    }
    if (out.size() > kMostTypeFiles)
      walk.fail(files->position, "out-of-range",
                "'types.files' names " + std::to_string(out.size()) + " files, but at most " +
                    std::to_string(kMostTypeFiles) + " are read",
                "put types that belong together into one file", "files");
  }
  walk.finish();
  return out;
}

}  // namespace cairn::host
