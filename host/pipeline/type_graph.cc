#include "host/pipeline/type_graph.h"

#include <cairn/graph/graph_builder.h>
#include <cairn/types.capnp.h>
#include <host/pipeline/declared_mappers.h>
#include <host/pipeline/gates_of_apps.h>
#include <host/pipeline/plugin_fit.h>
#include <host/project/custom_types.h>
#include <host/project/type_manifest.h>

#include <optional>
#include <set>

namespace cairn::host {
namespace {

// What all graphs of a project have in common.
struct Common {
  struct Entry {
    graph::MapperSpec spec;
    MapperHome home;
  };
  std::vector<std::pair<std::string, graph::TypeRef>> types;  // with the plugin that brings it
  std::vector<Entry> mappers;                                 // of plugins
  std::vector<std::optional<Entry>> declared;                 // by their place in the project
  TypeIds ids;
};

void addTypes(wire::Manifest::Reader manifest, const std::string& owner, Common& out) {
  for (auto type : manifest.getTypes()) {
    out.types.emplace_back(owner, graph::TypeRef{type.getId(), type.getName()});
    out.ids.emplace(type.getName(), type.getId());
  }
}

Common commonOf(const PluginSet& plugins) {
  Common out;
  for (std::size_t i = 0; i < plugins.plugins().size(); ++i) {
    const LocatedPlugin& plugin = plugins[i];
    addTypes(plugin.manifest->reader(), "the plugin \"" + plugin.bundle.name + "\"", out);
    for (auto mapper : plugin.manifest->reader().getMappers())
      out.mappers.push_back({specOf(plugin, mapper), {i, mapper, nullptr}});
  }
  return out;
}

// The graph of what is common and the declared mappers at `chosen`.
Result<std::shared_ptr<const graph::MapperGraph>> makeGraph(const Common& common,
                                                            const std::vector<std::size_t>& chosen,
                                                            MapperHomes& homes) {
  graph::GraphBuilder builder;
  for (const auto& [owner, type] : common.types) {
    auto added = builder.addType(type);
    if (!added) return std::move(added).error().context("reading the types of " + owner);
  }
  auto add = [&](const Common::Entry& entry) -> Result<void> {
    auto added = builder.addMapper(entry.spec);
    if (!added) return added;
    homes.emplace(entry.spec.id, entry.home);
    return {};
  };
  for (const auto& entry : common.mappers) CAIRN_TRY(add(entry));
  for (std::size_t index : chosen) {
    auto added = add(*common.declared[index]);
    if (added) continue;
    Error error = std::move(added).error();
    error.position = common.declared[index]->home.declared->position;
    return error;
  }
  return std::move(builder).build();
}

void addDeclared(const PluginSet& plugins, const Project& project, Common& common, Errors& errors) {
  for (const MapperDeclaration& declaration : project.mappers) {
    auto& entry = common.declared.emplace_back();
    auto spec = specOf(declaration, plugins, common.ids);
    if (spec) {
      entry = Common::Entry{std::move(spec->spec), {spec->plugin, spec->mapper, &declaration}};
    } else {
      for (Error& error : spec.error()) errors.push_back(std::move(error));
    }
  }
}

// Cairn's own types that the file names: they are types also where no plugin here takes or makes them.
void addShared(wire::Manifest::Reader shared, const Project& project, Common& out) {
  std::set<std::string> named;
  for (const MapperDeclaration& declaration : project.mappers) {
    for (const DeclaredInput& input : declaration.inputs) named.insert(input.type);
    named.insert(declaration.output.type);
  }
  for (auto type : shared.getTypes()) {
    if (named.count(type.getName().cStr()) == 0 || out.ids.count(type.getName().cStr()) > 0) continue;
    out.types.emplace_back("Cairn", graph::TypeRef{type.getId(), type.getName()});
    out.ids.emplace(type.getName(), type.getId());
  }
}

std::vector<TakenType> takenTypes(const PluginSet& plugins, wire::Manifest::Reader shared) {
  std::vector<TakenType> out;
  auto take = [&out](wire::Manifest::Reader manifest, const std::string& owner) {
    for (auto type : manifest.getTypes()) out.push_back({type.getName(), type.getId(), owner});
  };
  take(shared, "Cairn");
  for (const auto& plugin : plugins.plugins())
    take(plugin.manifest->reader(), "the plugin \"" + plugin.bundle.name + "\"");
  return out;
}

// The gates that an app may meet.
std::vector<AppGate> gatesOf(const Project& project, const std::vector<std::size_t>& chosen) {
  std::vector<AppGate> out;
  for (std::size_t index : chosen) {
    const MapperDeclaration& declaration = project.mappers[index];
    if (declaration.isGate()) out.push_back({declaration.name, declaration.id(), declaration.gate});
  }
  return out;
}

}  // namespace

Result<TypeGraph, Errors> TypeGraph::build(const PluginSet& plugins) {
  TypeGraph out;
  auto homes = std::make_shared<MapperHomes>();
  auto made = makeGraph(commonOf(plugins), {}, *homes);
  if (!made) return Errors{std::move(made).error()};
  out.homes_ = std::move(homes);
  out.graph_ = std::move(*made);
  return out;
}

Result<TypeGraphs, Errors> TypeGraphs::build(const PluginSet& plugins, const Project& project) {
  TypeGraphs out;
  auto schemas = std::make_shared<TypeSchemas>();
  for (const auto& plugin : plugins.plugins()) schemas->add(plugin.manifest);
  Common common = commonOf(plugins);
  auto shared = Manifest::fromWords(sharedTypes());
  if (!shared) return Errors{std::move(shared).error()};
  auto compiled = compileTypes(project, takenTypes(plugins, (*shared)->reader()));
  if (!compiled) return std::move(compiled).error();
  if (!compiled->empty()) {
    auto own = Manifest::fromWords(std::move(*compiled));
    if (!own) return Errors{std::move(own).error()};
    addTypes((*own)->reader(), "[types]", common);
    out.typesDigest_ = (*own)->digest();
    schemas->add(std::move(*own));
  }
  addShared((*shared)->reader(), project, common);
  schemas->add(std::move(*shared));
  out.schemas_ = std::move(schemas);
  Errors errors;
  addDeclared(plugins, project, common, errors);
  checkRules(project, plugins, common.ids, errors);
  tellBrokenOnce(plugins, errors);
  if (!errors.empty()) return errors;

  struct Made {
    std::shared_ptr<const graph::MapperGraph> graph;
    std::shared_ptr<MapperHomes> homes = std::make_shared<MapperHomes>();
  };
  std::map<std::vector<std::size_t>, Made> graphs;
  std::vector<std::string> apps{""};
  for (const App& app : project.apps) apps.push_back(app.name);
  for (const std::string& app : apps) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < project.mappers.size(); ++i) {
      if (project.mappers[i].isFor(app)) chosen.push_back(i);
    }
    auto [known, isNew] = graphs.try_emplace(chosen);
    if (isNew) {
      auto made = makeGraph(common, chosen, *known->second.homes);
      if (!made) return Errors{std::move(made).error()};
      known->second.graph = std::move(*made);
    }
    auto graph = std::make_shared<TypeGraph>();
    graph->graph_ = known->second.graph;
    graph->homes_ = known->second.homes;
    graph->gates_ = gatesOf(project, chosen);
    graph->rules_ = project.mapperRules;
    out.byApp_[app] = std::move(graph);
  }
  for (auto& [app, gates] : settleGatesOfApps(project, plugins, out)) {
    auto graph = std::make_shared<TypeGraph>(*out.byApp_.at(app));
    graph->gates_ = std::move(gates);
    out.byApp_[app] = std::move(graph);
  }
  return out;
}

const TypeGraph& TypeGraphs::of(const std::string& app) const {
  auto found = byApp_.find(app);
  return *(found == byApp_.end() ? byApp_.at("") : found->second);
}

bool isGiven(std::uint64_t type) {
  return type == capnp::typeId<wire::SourceTree>() || type == capnp::typeId<wire::Labels>() ||
         type == capnp::typeId<wire::DeploymentConfig>();
}

wire::Given givenOf(std::uint64_t type) {
  if (type == capnp::typeId<wire::SourceTree>()) return wire::Given::SOURCE_TREE;
  if (type == capnp::typeId<wire::Labels>()) return wire::Given::LABELS;
  return wire::Given::DEPLOYMENT_CONFIG;
}

std::uint64_t givenType(wire::Given given) {
  switch (given) {
    case wire::Given::SOURCE_TREE:
      return capnp::typeId<wire::SourceTree>();
    case wire::Given::LABELS:
      return capnp::typeId<wire::Labels>();
    case wire::Given::DEPLOYMENT_CONFIG:
      return capnp::typeId<wire::DeploymentConfig>();
  }
  return 0;
}

}  // namespace cairn::host
