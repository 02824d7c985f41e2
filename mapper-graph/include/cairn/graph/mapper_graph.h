#pragma once
// Finds how to turn the values we have into a value of the type that is asked for.
//
// A graph is an immutable snapshot made by GraphBuilder and held by shared_ptr; all methods may be called
// from several threads at once. Nothing here reads a file, starts a program or runs a mapper.
//
// The graph is a directed hypergraph: a mapper may fire once all its inputs are known. The search is
// Dijkstra's, generalised to sets of inputs (Knuth). It runs on pairs of a type and a set of marks, "comes
// from the main value" and the gates passed: a step's output comes from the main value if one of its inputs
// does, and has passed a gate if all its inputs that come from the main value have and the mapper keeps it,
// or if the mapper grants it. So "not round the registry" and "not past the scan" are part of what is
// reached, and can't be bought by a shorter way.

#include <cairn/base/result.h>
#include <cairn/graph/derivation.h>
#include <cairn/graph/explanation.h>
#include <cairn/graph/mapper.h>
#include <cairn/graph/query.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cairn::graph {

struct GraphData;

class MapperGraph {
 public:
  explicit MapperGraph(std::unique_ptr<const GraphData> data);  // GraphBuilder::build() calls it
  ~MapperGraph();
  MapperGraph(const MapperGraph&) = delete;
  MapperGraph& operator=(const MapperGraph&) = delete;

  std::size_t typeCount() const;
  std::size_t mapperCount() const;

  // The type's name, or its number in hex ("@0xd4f1…") where nobody named it.
  std::string typeName(TypeId type) const;
  std::optional<TypeId> findType(std::string_view name) const;
  // All types, sorted by name.
  std::vector<TypeRef> types() const;

  // By id, "plugin@version/mapper" or, where one version is there, "plugin/mapper".
  std::optional<MapperIndex> findMapper(std::string_view id) const;
  MapperSpec mapper(MapperIndex index) const;  // index < mapperCount()

  // The best derivation by the query's policy. The same graph and query give the same answer, byte for byte.
  //
  // Errors, all with a hint and details from diagnose(): no-chain (Config); gate-not-passed (Refused), where
  // chains exist but none passes the gates. Cost: O((types + inputs) log types) for each set of marks that
  // occurs. `reasons` says how long the details of an error may be.
  Result<Derivation> derive(const Query& query, Reasons reasons = Reasons::Nearest) const;

  // derive(), with the reasons. It searches again for each of the first steps; not for a hot path.
  Result<Explanation> explain(const Query& query, Reasons reasons = Reasons::Nearest) const;

  // Why derive() fails; meaningless where it doesn't.
  Diagnosis diagnose(const Query& query, Reasons reasons = Reasons::Nearest) const;

  // "docker.Image ← docker/from-oci ← oci.Image": what is made stands before what it is made from.
  std::string chainText(const Query& query, const Derivation& derivation) const;

 private:
  std::unique_ptr<const GraphData> data_;
};

}  // namespace cairn::graph
