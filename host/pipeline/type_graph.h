#pragma once
// The mapper graph of a set of plugins, and how a step of a derivation leads back to its plugin.

#include <cairn/graph/mapper_graph.h>
#include <cairn/plan.capnp.h>
#include <host/pipeline/plugin_set.h>

#include <memory>
#include <unordered_map>

namespace cairn::host {

struct MapperHome {
  std::size_t plugin = 0;  // index in the set
  wire::Manifest::Mapper::Reader mapper;
};

class TypeGraph {
 public:
  // The plugins outlive the graph. Errors: type-conflict (one name with two ids), bad-mapper,
  // duplicate-mapper; each names the plugins.
  static Result<TypeGraph> build(const PluginSet& plugins);

  const graph::MapperGraph& graph() const { return *graph_; }
  // The same, for those who keep it.
  std::shared_ptr<const graph::MapperGraph> snapshot() const { return graph_; }
  const MapperHome& home(const std::string& mapperId) const { return homes_.at(mapperId); }

 private:
  std::shared_ptr<const graph::MapperGraph> graph_;
  std::unordered_map<std::string, MapperHome> homes_;
};

// One of the values that the host makes: the source tree, labels, the deployment's config.
bool isGiven(std::uint64_t type);
wire::Given givenOf(std::uint64_t type);  // isGiven(type)
std::uint64_t givenType(wire::Given given);

}  // namespace cairn::host
