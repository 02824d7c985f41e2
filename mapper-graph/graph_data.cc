#include "mapper-graph/graph_data.h"

#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/pending/queue.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace cairn::graph {

TypeIndex GraphData::indexOf(TypeId type) const {
  const auto at = std::lower_bound(types.begin(), types.end(), type,
                                   [](const TypeRef& ref, TypeId id) { return ref.id < id; });
  return at != types.end() && at->id == type ? static_cast<TypeIndex>(at - types.begin()) : kNoType;
}

std::string GraphData::typeName(TypeIndex type) const {
  return types[type].name.empty() ? unnamedType(types[type].id) : types[type].name;
}

std::optional<std::uint32_t> GraphData::findGate(std::string_view name) const {
  const auto at = std::find(gateNames.begin(), gateNames.end(), name);
  if (at == gateNames.end()) return std::nullopt;
  return static_cast<std::uint32_t>(at - gateNames.begin());
}

void GraphData::link() {
  const auto typeCount = static_cast<std::uint32_t>(types.size());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  edges.reserve(inputs.size() + mappers.size());
  distinctInputs.reserve(mappers.size());
  for (std::uint32_t m = 0; m < mappers.size(); ++m) {
    const auto row = inputsOf(m);
    std::uint16_t distinct = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto sameType = [&](const InputRow& input) { return input.type == row[i].type; };
      if (std::any_of(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(i), sameType)) continue;
      edges.emplace_back(row[i].type, typeCount + m);
      ++distinct;
    }
    distinctInputs.push_back(distinct);
    edges.emplace_back(typeCount + m, mappers[m].output);
  }
  links =
      Links(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(), types.size() + mappers.size());
}

std::vector<std::uint32_t> GraphData::distancesTo(TypeIndex wanted) const {
  std::vector<std::uint32_t> distances(boost::num_vertices(links), kFar);
  distances[wanted] = 0;
  const auto map = boost::make_iterator_property_map(distances.begin(), boost::identity_property_map());
  std::vector<boost::default_color_type> colors(boost::num_vertices(links));
  boost::queue<std::uint32_t> queue;
  boost::breadth_first_visit(
      boost::make_reverse_graph(links), std::uint32_t{wanted}, queue,
      boost::make_bfs_visitor(boost::record_distances(map, boost::on_tree_edge())),
      boost::make_iterator_property_map(colors.begin(), boost::identity_property_map()));
  return distances;
}

std::string withoutVersion(std::string_view id) {
  const std::size_t at = id.find('@');
  if (at == std::string_view::npos) return std::string(id);
  const std::size_t slash = id.find('/', at);
  std::string out(id.substr(0, at));
  if (slash != std::string_view::npos) out += id.substr(slash);
  return out;
}

std::string unnamedType(TypeId id) {
  std::array<char, 24> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "@0x%016llx", static_cast<unsigned long long>(id));
  return buffer.data();
}

}  // namespace cairn::graph
