#pragma once
// The mapper graphs of a project: one for each set of mappers that its apps see, and how a step of a
// derivation leads back to who runs it.

#include <cairn/graph/mapper_graph.h>
#include <cairn/plan.capnp.h>
#include <host/pipeline/plugin_set.h>
#include <host/pipeline/type_schemas.h>
#include <host/project/project.h>

#include <map>
#include <memory>
#include <unordered_map>

namespace cairn::host {

struct MapperHome {
  std::size_t plugin = 0;  // index in the set; of a declared mapper only where it uses a plugin's
  wire::Manifest::Mapper::Reader mapper;
  const MapperDeclaration* declared = nullptr;  // in the project
};

using MapperHomes = std::unordered_map<std::string, MapperHome>;  // by mapper id

// A gate that an app's chains may have to pass.
struct AppGate {
  std::string name;
  std::string mapper;             // its id
  std::vector<GatePlace> places;  // an app's as the stages of it: gates_of_apps.h
  bool closed = false;            // stands before a whole app, none of whose stages can be behind it
};

class TypeGraph {
 public:
  // The graph of plugins alone, which fit each other (leaveOutMisfits()) and outlive it.
  static Result<TypeGraph, Errors> build(const PluginSet& plugins);

  const graph::MapperGraph& graph() const { return *graph_; }
  // The same, for those who keep it.
  std::shared_ptr<const graph::MapperGraph> snapshot() const { return graph_; }
  const MapperHome& home(const std::string& mapperId) const { return homes_->at(mapperId); }
  const std::vector<AppGate>& gates() const { return gates_; }
  const MapperRules& rules() const { return rules_; }

 private:
  friend class TypeGraphs;

  std::shared_ptr<const graph::MapperGraph> graph_;
  std::shared_ptr<const MapperHomes> homes_;
  std::vector<AppGate> gates_;
  MapperRules rules_;
};

class TypeGraphs {
 public:
  // Plugins, which fit each other (leaveOutMisfits()), the types of the project's own files and the mappers
  // of cairn.toml. Plugins and project outlive it.
  //
  // Errors: those of compileTypes(); type-conflict with a plugin's type; unknown-type, unknown-mapper,
  // unknown-plugin, bad-mapper with their place; all there are.
  static Result<TypeGraphs, Errors> build(const PluginSet& plugins, const Project& project);

  // With the mappers that `app` sees; an app that the project doesn't have sees those of the project.
  const TypeGraph& of(const std::string& app) const;
  const std::shared_ptr<const TypeSchemas>& schemas() const { return schemas_; }
  // Of the types of the project's own; empty: it has none.
  const std::string& typesDigest() const { return typesDigest_; }

 private:
  std::map<std::string, std::shared_ptr<const TypeGraph>> byApp_;  // "": the project's
  std::shared_ptr<const TypeSchemas> schemas_;
  std::string typesDigest_;
};

// One of the values that the host makes: the source tree, labels, the deployment's config.
bool isGiven(std::uint64_t type);
wire::Given givenOf(std::uint64_t type);  // isGiven(type)
std::uint64_t givenType(wire::Given given);

}  // namespace cairn::host
