// The graph as a picture: types in groups of their plugin, mappers as labelled arrows, several inputs joined
// in a dot, gates as octagons, chosen chains in colours of their own.

#include <cairn/graph/mapper_graph.h>

#include "mapper-graph/dot_words.h"
#include "mapper-graph/graph_data.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace cairn::graph {
namespace {

using dot::html;
using dot::quoted;

std::string groupOf(const std::string& typeName) {
  const std::size_t dot = typeName.rfind('.');
  return dot == std::string::npos ? "" : typeName.substr(0, dot);
}

class Drawing {
 public:
  Drawing(const GraphData& data, const Picture& picture)
      : data_(data), picture_(picture), isWanted_(data.types.size(), 0), isShown_(data.types.size(), 0) {
    markChains();
    markShown();
    pickHues();
  }

  std::string draw() {
    out_ =
        "digraph mappers {\n"
        "  graph [rankdir=LR, newrank=true, bgcolor=white, fontname=\"Helvetica\", fontsize=11, nodesep=0.3, "
        "ranksep=0.7, "
        "pad=0.3]\n"
        "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=12, "
        "margin=\"0.16,0.08\", height=0.4]\n";
    out_ += "  edge [fontname=\"Helvetica\", fontsize=9, arrowsize=0.7, color=\"" + std::string(dot::kLine) +
            "\"]\n";
    drawTypes();
    for (MapperIndex m = 0; m < data_.mappers.size(); ++m) {
      if (isDrawn(m)) drawMapper(m);
    }
    drawLegend();
    return std::move(out_) + "}\n";
  }

 private:
  void markChains() {
    for (std::size_t c = 0; c < picture_.chains.size(); ++c) {
      const Derivation& derivation = picture_.chains[c].derivation;
      show(data_.indexOf(derivation.wanted), true);
      for (const Step& step : derivation.steps) {
        std::vector<std::size_t>& chains = chainsOf_[step.index];
        if (chains.empty() || chains.back() != c) chains.push_back(c);
      }
    }
  }

  void show(TypeIndex type, bool wanted = false) {
    if (type == kNoType) return;
    isShown_[type] = 1;
    if (wanted) isWanted_[type] = 1;
  }

  void markShown() {
    for (MapperIndex m = 0; m < data_.mappers.size(); ++m) {
      if (!isDrawn(m)) continue;
      show(data_.mappers[m].output);
      for (const InputRow& input : data_.inputsOf(m)) show(input.type);
    }
    for (TypeIndex t = 0; t < data_.types.size() && !picture_.chainsOnly; ++t) show(t);
    isOnChain_.assign(data_.types.size(), 0);
    for (const auto& [mapper, chains] : chainsOf_) {
      isOnChain_[data_.mappers[mapper].output] = 1;
      for (const InputRow& input : data_.inputsOf(mapper)) isOnChain_[input.type] = 1;
    }
    for (TypeIndex t = 0; t < data_.types.size(); ++t) isOnChain_[t] |= isWanted_[t];
  }

  // One hue for a plugin's types and its mappers.
  void pickHues() {
    std::set<std::string> groups, others;
    for (TypeIndex t = 0; t < data_.types.size(); ++t) groups.insert(groupOf(data_.typeName(t)));
    for (const std::string& plugin : data_.plugins) others.insert(plugin);
    groups.erase("");
    others.erase("");
    for (const auto* names : {&groups, &others}) {
      for (const std::string& name : *names) hueOf_.emplace(name, hueOf_.size() % (dot::kHues.size() - 1));
    }
  }

  const dot::Hue& hue(const std::string& group) const {
    const auto known = hueOf_.find(group);
    return known == hueOf_.end() ? dot::kHues.back() : dot::kHues[known->second];
  }

  bool isDrawn(MapperIndex m) const {
    if (chainsOf_.contains(m)) return true;
    return !picture_.chainsOnly && (picture_.unused || data_.mappers[m].enabled);
  }

  void drawTypes() {
    std::map<std::string, std::vector<TypeIndex>> groups;
    for (TypeIndex t = 0; t < data_.types.size(); ++t) {
      if (isShown_[t] != 0) groups[groupOf(data_.typeName(t))].push_back(t);
    }
    for (auto& [group, types] : groups) {
      std::ranges::sort(types, {}, [&](TypeIndex t) { return data_.typeName(t); });
      const bool isGroup = !group.empty() && types.size() > 1;
      if (isGroup) {
        out_ += "  subgraph " + quoted("cluster_" + group) + " {\n    graph [label=" + quoted(group) +
                ", labeljust=l, style=\"rounded,filled\", fillcolor=\"" + std::string(hue(group).ground) +
                "\", color=\"" + std::string(hue(group).fill) + "\", fontcolor=\"" +
                std::string(hue(group).ink) + "\", margin=12]\n";
      }
      for (const TypeIndex t : types) drawType(t, group);
      if (isGroup) out_ += "  }\n";
    }
  }

  void drawType(TypeIndex t, const std::string& group) {
    const dot::Hue& colors = hue(group);
    out_ += "    t" + std::to_string(t) + " [label=" + quoted(data_.typeName(t)) + ", fillcolor=\"" +
            std::string(colors.fill) + "\", color=\"" + std::string(colors.ink) + "\", fontcolor=\"" +
            std::string(colors.ink) + '"';
    if (isWanted_[t] != 0)
      out_ += ", penwidth=2.2, peripheries=2";
    else
      out_ += isOnChain_[t] != 0 ? ", penwidth=2.2" : ", penwidth=0.6";
    out_ += "]\n";
  }

  // The attributes that all lines of a mapper have: its chains' colours, or its plugin's quiet one.
  std::string line(MapperIndex m) const {
    std::string colors, out;
    if (const auto chains = chainsOf_.find(m); chains != chainsOf_.end()) {
      for (const std::size_t c : chains->second) {
        colors += (colors.empty() ? "" : ":") + std::string(dot::kChainColors[c % dot::kChainColors.size()]);
      }
      out = "color=\"" + colors + "\", penwidth=2.6, weight=4";
    } else {
      out = "color=\"" + std::string(data_.mappers[m].enabled ? dot::kLine : dot::kQuiet) + '"';
    }
    if (!data_.mappers[m].enabled) return out + ", style=dotted";
    return data_.mappers[m].lossy ? out + ", style=dashed" : out;
  }

  std::string label(MapperIndex m) const {
    const MapperRow& row = data_.mappers[m];
    const std::string_view ink = row.enabled ? hue(data_.plugins[row.plugin]).ink : dot::kQuiet;
    std::string words = html(withoutVersion(data_.id(m)));
    if (chainsOf_.contains(m)) words = "<b>" + words + "</b>";
    return "label=< <font color=\"" + std::string(ink) + "\">" + words + "</font> >";
  }

  void drawMapper(MapperIndex m) {
    const MapperRow& row = data_.mappers[m];
    const auto inputs = data_.inputsOf(m);
    const std::string output = "t" + std::to_string(row.output);
    if (row.gates != 0 && !data_.gateRows[row.gates].grants.empty()) {
      drawGate(m, output);
    } else if (inputs.size() == 1) {
      out_ +=
          "  t" + std::to_string(inputs[0].type) + " -> " + output + " [" + label(m) + ", " + line(m) + "]\n";
    } else {
      const std::string joint = "m" + std::to_string(m);
      out_ += "  " + joint + " [shape=point, width=0.09, style=filled, label=\"\", color=\"" +
              std::string(chainsOf_.contains(m) ? "#1f2933" : dot::kLine) + "\"]\n";
      drawInputs(m, joint);
      out_ += "  " + joint + " -> " + output + " [" + label(m) + ", " + line(m) + "]\n";
    }
  }

  void drawInputs(MapperIndex m, const std::string& to) {
    for (const InputRow& input : data_.inputsOf(m)) {
      out_ += "  t" + std::to_string(input.type) + " -> " + to + " [arrowhead=none, ";
      if (input.role != 0) out_ += "label=" + quoted(' ' + data_.roles[input.role] + ' ') + ", ";
      out_ += line(m) + "]\n";
    }
  }

  // A gate that gives back the type it takes stands beside it, with one line there and back.
  void drawGate(MapperIndex m, const std::string& output) {
    const GateRow& gates = data_.gateRows[data_.mappers[m].gates];
    std::string grants;
    for (const std::uint32_t gate : gates.grants)
      grants += (grants.empty() ? "" : ", ") + data_.gateNames[gate];
    const std::string node = "m" + std::to_string(m);
    const std::string name = withoutVersion(data_.id(m));
    out_ += "  " + node + " [shape=octagon, style=filled, margin=\"0.08,0.04\", fontsize=10, fillcolor=\"" +
            std::string(dot::kGateFill) + "\", color=\"" + std::string(dot::kGateInk) + "\", fontcolor=\"" +
            std::string(dot::kGateInk) + "\", penwidth=" + (chainsOf_.contains(m) ? "2.2" : "0.8") +
            ", label=<<b>" + html(name) + "</b>" +
            (grants == name ? "" : "<br/><font point-size=\"8\">gate " + html(grants) + "</font>") + ">]\n";
    const auto inputs = data_.inputsOf(m);
    if (inputs.size() == 1 && inputs[0].type == data_.mappers[m].output) {
      out_ += "  " + output + " -> " + node + " [dir=both, " + line(m) + "]\n";
      return;
    }
    drawInputs(m, node);
    out_ += "  " + node + " -> " + output + " [" + line(m) + "]\n";
  }

  void drawLegend() {
    std::string rows;
    for (std::size_t c = 0; c < picture_.chains.size(); ++c) {
      const DrawnChain& chain = picture_.chains[c];
      if (chain.name.empty() || chain.derivation.steps.empty()) continue;
      const std::string color(dot::kChainColors[c % dot::kChainColors.size()]);
      rows += "<tr><td align=\"left\"><font color=\"" + color + "\"><b>━━━</b></font>  " + html(chain.name) +
              "</td></tr>";
    }
    if (rows.empty()) return;
    out_ += "  graph [label=<<table border=\"0\" cellborder=\"0\" cellspacing=\"1\">" + rows +
            "</table>>, labelloc=b, labeljust=l]\n";
  }

  const GraphData& data_;
  const Picture& picture_;
  std::unordered_map<MapperIndex, std::vector<std::size_t>> chainsOf_;
  std::vector<std::uint8_t> isWanted_, isShown_, isOnChain_;  // by type
  std::map<std::string, std::size_t> hueOf_;
  std::string out_;
};

}  // namespace

std::string MapperGraph::toDot(const Picture& picture) const {
  return Drawing(*data_, picture).draw();
}

std::string MapperGraph::toDot(const Derivation* highlight) const {
  Picture picture;
  if (highlight != nullptr) picture.chains.push_back({.name = {}, .derivation = *highlight});
  return toDot(picture);
}

}  // namespace cairn::graph
