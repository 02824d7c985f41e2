#include "host/pipeline/plugin_fit.h"

#include <cairn/graph/graph_builder.h>
#include <host/pipeline/declared_mappers.h>
#include <host/pipeline/emitter.h>
#include <host/pipeline/plan_maker.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace cairn::host {
namespace {

std::string pluginOf(const std::string& use) {
  return use.substr(0, use.find('/'));
}

// Names that stand in a `use`, and plugins whose component one names.
std::set<std::string> usedBy(const Project& project, const PluginSet& plugins) {
  std::set<std::string> out;
  for (const App& app : project.apps) {
    for (const Stage& stage : app.stages) {
      out.insert(pluginOf(stage.use));
      if (auto chosen = plugins.choose(componentKind(wireKind(stage.kind)), stage.use))
        out.insert(plugins[chosen->plugin].bundle.name);
    }
  }
  for (const MapperDeclaration& mapper : project.mappers) out.insert(pluginOf(mapper.use));
  return out;
}

Result<void> add(graph::GraphBuilder& builder, const LocatedPlugin& plugin) {
  const std::string who =
      " of the plugin \"" + plugin.bundle.name + "\", " + plugin.bundle.executable.string();
  for (auto type : plugin.manifest->reader().getTypes()) {
    auto added = builder.addType({type.getId(), type.getName()});
    if (!added) return std::move(added).error().context("reading the types" + who);
  }
  for (auto mapper : plugin.manifest->reader().getMappers()) {
    auto added = builder.addMapper(specOf(plugin, mapper));
    if (!added) return std::move(added).error().context("reading the mappers" + who);
  }
  return {};
}

bool hasUnknownUse(const PluginSet& plugins, const Project& project) {
  for (const App& app : project.apps) {
    for (const Stage& stage : app.stages) {
      auto chosen = plugins.choose(componentKind(wireKind(stage.kind)), stage.use);
      if (!chosen && chosen.error().code == "unknown-component") return true;
    }
  }
  return false;
}

}  // namespace

graph::MapperSpec specOf(const LocatedPlugin& plugin, wire::Manifest::Mapper::Reader mapper) {
  graph::MapperSpec spec;
  spec.plugin = plugin.bundle.name;
  spec.id = spec.plugin + "@" + plugin.manifest->reader().getVersion().cStr() + "/" + mapper.getName().cStr();
  for (auto input : mapper.getInputs()) spec.inputs.push_back({input.getType(), input.getRole()});
  spec.output = mapper.getOutput();
  spec.cost = mapper.getCost();
  spec.lossy = mapper.getLossy();
  spec.effects = effectsOf(mapper);
  // It says the same of the same thing; what it makes is no other thing that nobody has looked at.
  spec.keepsAllGates = !spec.lossy && spec.effects != graph::Effects::Effectful;
  return spec;
}

void leaveOutMisfits(PluginSet& plugins, const Project& project) {
  const auto used = usedBy(project, plugins);
  std::vector<std::size_t> order(plugins.plugins().size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_partition(order.begin(), order.end(),
                        [&](std::size_t i) { return used.count(plugins[i].bundle.name) > 0; });
  graph::GraphBuilder builder;
  std::vector<std::size_t> fitting;
  std::vector<std::pair<std::string, Error>> misfits;
  for (std::size_t index : order) {
    auto added = add(builder, plugins[index]);
    if (added) {
      fitting.push_back(index);
      continue;
    }
    misfits.emplace_back(plugins[index].bundle.name, std::move(added).error());
    builder = {};  // some of it is in there
    for (std::size_t other : fitting) (void)add(builder, plugins[other]);
  }
  for (auto& [name, error] : misfits) plugins.leaveOut(name, std::move(error));
}

void tellBrokenOnce(const PluginSet& plugins, std::vector<Error>& errors) {
  constexpr std::size_t kShown = 4;
  for (const auto& [plugin, why] : plugins.broken()) {
    const auto isThis = [&why = why](const Error& error) {
      return error.code == why.code && error.message == why.message && error.settingPath.ends_with(".use");
    };
    const auto first = std::find_if(errors.begin(), errors.end(), isThis);
    if (first == errors.end()) continue;
    std::vector<std::string> uses;
    for (auto error = first; error != errors.end(); ++error) {
      if (isThis(*error)) uses.push_back(error->settingPath);
    }
    if (uses.size() == 1) continue;
    std::string shown;
    for (std::size_t i = 0; i < std::min(uses.size(), kShown); ++i)
      shown += (shown.empty() ? "" : ", ") + uses[i];
    if (uses.size() > kShown) shown += " and " + std::to_string(uses.size() - kShown) + " more";
    Error told = std::move(*first).context("using it for " + shown);
    *first = std::move(told);
    errors.erase(std::remove_if(std::next(first), errors.end(), isThis), errors.end());
  }
}

std::vector<Error> warningsOfBroken(const PluginSet& plugins, const Project& project) {
  std::vector<Error> out;
  if (plugins.broken().empty() || hasUnknownUse(plugins, project)) return out;
  const auto used = usedBy(project, plugins);
  for (const auto& [name, error] : plugins.broken()) {
    if (used.count(name) > 0) continue;
    Error warning = error;
    warning.message = "the plugin \"" + name + "\" is left out: " + error.message;
    for (const PluginPath& declared : project.plugins) {
      if (declared.name == name && !warning.position.known()) warning.position = declared.position;
    }
    out.push_back(std::move(warning));
  }
  return out;
}

}  // namespace cairn::host
