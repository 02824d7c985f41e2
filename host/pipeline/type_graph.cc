#include "host/pipeline/type_graph.h"

#include <cairn/graph/graph_builder.h>
#include <cairn/types.capnp.h>

namespace cairn::host {
namespace {

graph::MapperSpec specOf(const LocatedPlugin& plugin, wire::Manifest::Mapper::Reader mapper) {
  graph::MapperSpec spec;
  spec.plugin = plugin.bundle.name;
  spec.id = spec.plugin + "@" + plugin.manifest->reader().getVersion().cStr() + "/" + mapper.getName().cStr();
  for (auto input : mapper.getInputs()) spec.inputs.push_back({input.getType(), input.getRole()});
  spec.output = mapper.getOutput();
  spec.cost = mapper.getCost();
  spec.lossy = mapper.getLossy();
  spec.effects = static_cast<graph::Effects>(mapper.getEffects());
  return spec;
}

}  // namespace

Result<TypeGraph> TypeGraph::build(const PluginSet& plugins) {
  TypeGraph out;
  graph::GraphBuilder builder;
  for (std::size_t i = 0; i < plugins.plugins().size(); ++i) {
    const LocatedPlugin& plugin = plugins[i];
    for (auto type : plugin.manifest->reader().getTypes()) {
      auto added = builder.addType({type.getId(), type.getName()});
      if (!added)
        return std::move(added).error().context("reading the types of the plugin \"" + plugin.bundle.name +
                                                "\"");
    }
    for (auto mapper : plugin.manifest->reader().getMappers()) {
      auto spec = specOf(plugin, mapper);
      CAIRN_TRY(builder.addMapper(spec));
      out.homes_.emplace(spec.id, MapperHome{i, mapper});
    }
  }
  out.graph_ = std::move(builder).build();
  return out;
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
