// The graph as a picture: types are rounded, mappers are boxes, gates stand out.

#include <cairn/graph/mapper_graph.h>

#include "mapper-graph/graph_data.h"

#include <boost/graph/graphviz.hpp>

#include <set>
#include <sstream>

namespace cairn::graph {
namespace {

class Attributes {
 public:
  Attributes(const GraphData& data, const Derivation* highlight) : data_(data) {
    if (highlight == nullptr) return;
    if (const TypeIndex type = data.indexOf(highlight->wanted); type != kNoType) shown_.insert(type);
    for (const Step& step : highlight->steps) {
      shown_.insert(static_cast<std::uint32_t>(data.types.size() + step.index));
      shown_.insert(data.indexOf(step.output));
      for (const StepInput& input : step.inputs) shown_.insert(data.indexOf(input.type));
    }
  }

  void vertex(std::ostream& out, std::uint32_t v) const {
    if (v < data_.types.size()) {
      out << "[label=" << boost::escape_dot_string(data_.typeName(v))
          << ", shape=box, style=\"rounded,filled\""
          << ", fillcolor=\"" << (shown(v) ? "#cfe3ff" : "#f4f6f8") << '"';
    } else {
      const auto m = static_cast<MapperIndex>(v - data_.types.size());
      const bool gate = !data_.gateRows[data_.mappers[m].gates].grants.empty();
      out << "[label=" << boost::escape_dot_string(withoutVersion(data_.id(m)))
          << (gate ? ", shape=hexagon" : ", shape=plaintext");
      if (!data_.mappers[m].enabled) out << ", fontcolor=\"#9aa4ae\"";
    }
    out << (shown(v) ? ", color=\"#1f6feb\", penwidth=2]" : "]");
  }

  void edge(std::ostream& out, std::uint32_t from, std::uint32_t to) const {
    if (shown(from) && shown(to))
      out << "[color=\"#1f6feb\", penwidth=2]";
    else if (data_.mappers[(from < data_.types.size() ? to : from) - data_.types.size()].lossy)
      out << "[style=dashed]";
  }

 private:
  bool shown(std::uint32_t vertex) const { return shown_.contains(vertex); }

  const GraphData& data_;
  std::set<std::uint32_t> shown_;
};

}  // namespace

std::string MapperGraph::toDot(const Derivation* highlight) const {
  std::ostringstream out;
  const Attributes attributes(*data_, highlight);
  const Links& links = data_->links;
  boost::write_graphviz(
      out, links, [&](std::ostream& to, std::uint32_t v) { attributes.vertex(to, v); },
      [&](std::ostream& to, const Links::edge_descriptor& e) {
        attributes.edge(to, boost::source(e, links), boost::target(e, links));
      },
      [](std::ostream& to) {
        to << "rankdir=LR;\nnode [fontname=\"Helvetica\", fontsize=11];\nedge [color=\"#57606a\", "
              "arrowsize=0.7];\n";
      });
  return std::move(out).str();
}

}  // namespace cairn::graph
