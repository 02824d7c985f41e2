#include "host/pipeline/declared_mappers.h"

#include <cairn/base/near_names.h>

#include <algorithm>

namespace cairn::host {
namespace {

template <typename Names>
std::string hintFor(const std::string& name, const Names& known) {
  return nearNameHint(name, std::vector<std::string>(known.begin(), known.end()));
}

std::vector<std::string> namesOf(const TypeIds& types) {
  std::vector<std::string> out;
  for (const auto& entry : types) out.push_back(entry.first);
  return out;
}

std::string titleOf(const MapperDeclaration& declaration) {
  return "the mapper \"" + declaration.name + "\"";
}

// The mapper of a plugin that `use` names: by "plugin/mapper", or the plugin's one mapper between these
// types.
class UsedMapper {
 public:
  UsedMapper(const MapperDeclaration& declaration, const graph::MapperSpec& spec, const PluginSet& plugins)
      : declaration_(declaration), spec_(spec), plugins_(plugins) {}

  Result<DeclaredSpec, Errors> find() {
    const std::string& use = declaration_.use;
    const auto slash = use.find('/');
    const std::string pluginName = use.substr(0, slash);
    const std::string name = slash == std::string::npos ? "" : use.substr(slash + 1);
    const auto plugin = plugins_.find(pluginName);
    for (const auto& [brokenName, error] : plugins_.broken()) {
      if (brokenName != pluginName) continue;
      Errors errors{error};
      if (!errors.front().position.known()) errors.front().position = declaration_.usePosition;
      if (errors.front().settingPath.empty()) errors.front().settingPath = declaration_.path() + ".use";
      return errors;
    }
    if (!plugin) return fault("unknown-plugin", "there is no plugin \"" + pluginName + "\"", pluginHint());
    std::vector<wire::Manifest::Mapper::Reader> fitting;
    std::vector<std::string> known;
    for (auto mapper : plugins_[*plugin].manifest->reader().getMappers()) {
      known.push_back(pluginName + "/" + mapper.getName().cStr());
      const bool isNamed = !name.empty() && name == mapper.getName().cStr();
      if (isNamed && !fits(mapper)) {
        return fault("bad-mapper", use + " turns " + signature(mapper) + ", not what the file says",
                     "say in `from` and `to` what it does");
      }
      if (isNamed || (name.empty() && fits(mapper))) fitting.push_back(mapper);
    }
    if (fitting.size() == 1) return DeclaredSpec{spec_, *plugin, fitting[0]};
    if (fitting.size() > 1)
      return fault("ambiguous-component", "several mappers of \"" + use + "\" do this",
                   "say use = \"" + use + "/…\"");
    if (!name.empty())
      return fault("unknown-mapper", "there is no mapper \"" + use + "\"", hintFor(use, known));
    return fault("unknown-mapper", "the plugin \"" + use + "\" has no mapper between these types",
                 known.empty() ? "it has no mappers" : hintFor(use, known));
  }

 private:
  bool fits(wire::Manifest::Mapper::Reader mapper) const {
    if (mapper.getOutput() != spec_.output || mapper.getInputs().size() != spec_.inputs.size()) return false;
    for (unsigned i = 0; i < spec_.inputs.size(); ++i) {
      if (mapper.getInputs()[i].getType() != spec_.inputs[i].type) return false;
    }
    return true;
  }
  std::string signature(wire::Manifest::Mapper::Reader mapper) const {
    std::string out;
    for (auto input : mapper.getInputs())
      out += (out.empty() ? "" : " and ") + plugins_.typeName(input.getType());
    return out + " into " + plugins_.typeName(mapper.getOutput());
  }
  std::string pluginHint() const {
    std::vector<std::string> known;
    for (const auto& plugin : plugins_.plugins()) known.push_back(plugin.bundle.name);
    return hintFor(declaration_.use, known);
  }
  Errors fault(const char* code, std::string message, std::string hint) const {
    return {
        Error{ErrorKind::Config, code, std::move(message), std::move(hint), {}, declaration_.usePosition}};
  }

  const MapperDeclaration& declaration_;
  const graph::MapperSpec& spec_;
  const PluginSet& plugins_;
};

bool isFromATypeToItself(const graph::MapperSpec& spec) {
  return spec.inputs.size() == 1 && spec.inputs[0].type == spec.output;
}

void setGates(const MapperDeclaration& declaration, graph::MapperSpec& spec) {
  spec.after = declaration.after;
  if (!declaration.gate.empty()) {
    spec.grants = {declaration.name};
    spec.keepsAllGates = isFromATypeToItself(spec);
    if (!spec.keepsAllGates) spec.keeps = declaration.after;
    return;
  }
  const bool isKnown = declaration.kind != MapperKind::Run || declaration.effects.has_value();
  spec.keepsAllGates = isKnown && !spec.lossy && spec.effects != graph::Effects::Effectful;
}

graph::Effects effectsOf(const MapperDeclaration& declaration) {
  if (declaration.effects) return static_cast<graph::Effects>(*declaration.effects);
  return declaration.kind == MapperKind::Run ? graph::Effects::Idempotent : graph::Effects::Pure;
}

// What to do about a rule that names nothing.
std::string hintOf(const MapperRule& rule, const std::vector<std::string>& known) {
  if (auto near = nearNameHint(rule.name, known); !near.empty()) return near;
  if (rule.kind != MapperRule::Kind::Plugin)
    return "`cairn mapper list` shows the mappers and types there are; take the name out where it has gone";
  std::string names;
  for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
  return "take the name out, or give its path in [plugins." + rule.name + "]; there are: " + names;
}

}  // namespace

Result<DeclaredSpec, Errors> specOf(const MapperDeclaration& declaration, const PluginSet& plugins,
                                    const TypeIds& types) {
  Errors errors;
  graph::MapperSpec spec;
  auto typeOf = [&](const DeclaredInput& place) -> std::uint64_t {
    if (auto found = types.find(place.type); found != types.end()) return found->second;
    Error error{ErrorKind::Config,
                "unknown-type",
                titleOf(declaration) + " names the type \"" + place.type + "\", which nobody declares",
                hintFor(place.type, namesOf(types)),
                {},
                place.position};
    if (error.hint.empty())
      error.hint = "declare it in a file of [types], or install the plugin that brings it";
    errors.push_back(std::move(error));
    return 0;
  };
  spec.id = declaration.id();
  for (const DeclaredInput& input : declaration.inputs) spec.inputs.push_back({typeOf(input), input.role});
  spec.output = typeOf(declaration.output);
  if (!errors.empty()) return errors;
  if (declaration.gate.empty() && isFromATypeToItself(spec) && !declaration.isSwitchedOff()) {
    return Errors{
        Error{ErrorKind::Config,
              "bad-mapper",
              titleOf(declaration) + " turns a type into itself, and is no gate: no chain would ever take it",
              "make it a gate, or let it make another type",
              {},
              declaration.position}};
  }
  spec.cost = declaration.cost.value_or(graph::kDefaultCost);
  spec.lossy = declaration.lossy;
  spec.effects = effectsOf(declaration);
  DeclaredSpec out{std::move(spec), 0, {}};
  if (declaration.kind == MapperKind::Use) {
    out = CAIRN_TRY(UsedMapper(declaration, out.spec, plugins).find());
    out.spec.plugin = plugins[out.plugin].bundle.name;
    if (!declaration.effects) out.spec.effects = effectsOf(out.mapper);
    out.spec.lossy = declaration.lossy || out.mapper.getLossy();
    if (!declaration.cost) out.spec.cost = out.mapper.getCost();
    for (unsigned i = 0; i < out.spec.inputs.size(); ++i)
      out.spec.inputs[i].role = out.mapper.getInputs()[i].getRole();
  }
  setGates(declaration, out.spec);
  return out;
}

graph::Effects effectsOf(wire::Manifest::Mapper::Reader mapper) {
  const auto kind = static_cast<std::uint16_t>(mapper.getEffects());
  return static_cast<graph::Effects>(std::min<std::uint16_t>(kind, 0xff));
}

void checkRules(const Project& project, const PluginSet& plugins, const TypeIds& types, Errors& errors) {
  std::vector<std::string> pluginNames{"project"};
  std::vector<std::string> mapperNames;
  std::vector<std::string> full;  // with their version
  for (const auto& plugin : plugins.plugins()) {
    const std::string& name = plugin.bundle.name;
    pluginNames.push_back(name);
    for (auto mapper : plugin.manifest->reader().getMappers()) {
      mapperNames.push_back(name + "/" + mapper.getName().cStr());
      full.push_back(name + "@" + plugin.manifest->reader().getVersion().cStr() + "/" +
                     mapper.getName().cStr());
    }
  }
  for (const auto& broken : plugins.broken()) pluginNames.push_back(broken.first);
  for (const auto& mapper : project.mappers) mapperNames.push_back(mapper.id());
  const std::vector<std::string> typeNames = namesOf(types);
  auto check = [&](const std::string& key, const MapperRule& rule) {
    const bool isMapper = rule.kind == MapperRule::Kind::Mapper;
    const bool isPlugin = rule.kind == MapperRule::Kind::Plugin;
    const auto& known = isMapper ? mapperNames : isPlugin ? pluginNames : typeNames;
    auto has = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), rule.name) != names.end();
    };
    if (has(known) || (isMapper && has(full))) return;
    const std::string what = isMapper ? "mapper" : isPlugin ? "plugin" : "type";
    const std::string code = isMapper ? "unknown-mapper" : isPlugin ? "unknown-plugin" : "unknown-type";
    errors.push_back(
        Error{ErrorKind::Config,
              code,
              "`" + key + "` of [mappers] names the " + what + " \"" + rule.name + "\", which is not there",
              hintOf(rule, known),
              {},
              rule.position});
  };
  const MapperRules& rules = project.mapperRules;
  for (const MapperRule& rule : rules.pin) check("pin", rule);
  for (const MapperRule& rule : rules.forbid) check("forbid", rule);
  for (const MapperRule& rule : rules.prefer) check("prefer", rule);
}

}  // namespace cairn::host
