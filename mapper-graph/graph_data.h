#pragma once
// A frozen graph as flat arrays. Private to this library.
//
// Types are sorted by id and mappers by their ids, so that a smaller index is a smaller id and nothing
// depends on the order of adding. Boost.Graph holds the links: vertices 0 to T-1 are types, T to T+M-1 are
// mappers; an edge runs from a type to each mapper that takes it (once, however many inputs have it) and from
// a mapper to its output.

#include <cairn/graph/mapper.h>

#include <boost/graph/compressed_sparse_row_graph.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::graph {

using TypeIndex = std::uint32_t;
using Links =
    boost::compressed_sparse_row_graph<boost::bidirectionalS, boost::no_property, boost::no_property,
                                       boost::no_property, std::uint32_t, std::uint32_t>;

inline constexpr TypeIndex kNoType = 0xffffffff;
inline constexpr std::uint32_t kFar = 0xffffffff;

struct InputRow {
  TypeIndex type;
  std::uint32_t role;  // index into roles; 0 is none
};

// Indices into gateNames; sorted.
struct GateRow {
  std::vector<std::uint32_t> grants, keeps, after;
  bool keepsAll = false;
};

struct MapperRow {
  std::uint32_t idAt;  // in text
  std::uint32_t idSize;
  std::uint32_t plugin;
  TypeIndex output;
  std::uint32_t firstInput;
  std::uint16_t inputCount;
  std::uint32_t cost;
  std::uint32_t gates;  // index into gateRows; 0 keeps and grants nothing
  Effects effects;
  bool lossy;
  bool enabled;
  bool hasRoles;
};

struct GraphData {
  std::string text;  // all mapper ids, end to end
  std::vector<TypeRef> types;
  std::vector<MapperRow> mappers;
  std::vector<InputRow> inputs;
  std::vector<std::uint16_t> distinctInputs;  // by mapper: types among its inputs
  std::vector<GateRow> gateRows;
  std::vector<std::string> roles;    // roles[0] is ""
  std::vector<std::string> plugins;  // plugins[0] is ""
  std::vector<std::string> gateNames;
  std::vector<MapperIndex> roledMappers;  // those with an input that has a role
  Links links;

  std::string_view id(MapperIndex mapper) const {
    return std::string_view(text).substr(mappers[mapper].idAt, mappers[mapper].idSize);
  }
  std::span<const InputRow> inputsOf(MapperIndex mapper) const {
    return {inputs.data() + mappers[mapper].firstInput, mappers[mapper].inputCount};
  }
  TypeIndex indexOf(TypeId type) const;  // kNoType where it is not in the graph
  std::string typeName(TypeIndex type) const;
  std::optional<std::uint32_t> findGate(std::string_view name) const;

  // Makes `links` and `distinctInputs` from types, mappers and inputs.
  void link();

  // For each vertex its links to the wanted type (two a mapper); kFar where it doesn't lead there.
  std::vector<std::uint32_t> distancesTo(TypeIndex wanted) const;
};

// "plugin@version/mapper" without "@version".
std::string withoutVersion(std::string_view id);

// "@0x00000000000000ff": how a type without a name is shown.
std::string unnamedType(TypeId id);

}  // namespace cairn::graph
