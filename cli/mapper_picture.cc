#include "cli/mapper_picture.h"

#include <algorithm>

#include "cli/mapper_text.h"
#include "cli/output/json_text.h"
#include "cli/picture_style.h"
#include "cli/record_text.h"

namespace cairn::cli {

namespace {

std::set<std::string> pluginsOf(const Mappers& mappers, const std::vector<Chain>& chains) {
  std::set<std::string> plugins;
  for (const graph::MapperSpec& mapper : mappers.all) plugins.insert(mapper.plugin);
  for (const Chain& chain : chains) plugins.insert(chain.boundary.plugin);
  return plugins;
}

// One app's components in their order, with the values and mappers between them, each drawn once.
class Lane {
 public:
  Lane(const PictureStyle& style, const graph::MapperGraph& graph, std::string app)
      : graph_(graph), style_(style), app_(std::move(app)) {}

  void add(const Chain& chain) {
    const host::Boundary& boundary = chain.boundary;
    const std::string end = endOf(chain);
    // What cairn gives is the same everywhere, and would only be in the way.
    if (host::isGiven(boundary.query.wanted) && !boundary.app.empty()) return;
    if (!chain.answer) {
      for (const auto& value : boundary.query.available) {
        if (value.main) once(style_.missing(valueOf(boundary, value), end));
      }
      return;
    }
    const graph::Derivation& chosen = chain.answer->chosen;
    std::vector<std::string> made;
    auto nodeOf = [&](const graph::ValueRef& ref) {
      return ref.from == graph::ValueRef::From::Step ? made[ref.index]
                                                     : valueOf(boundary, boundary.query.available[ref.index]);
    };
    for (const graph::Step& step : chosen.steps) {
      const std::string here = app_ + "/" + std::string(stageWord(boundary.stage)) + "/" + boundary.role +
                               "/" + std::to_string(made.size());
      once(style_.mapper(here + "/mapper", graph_.mapper(step.index), true));
      for (const auto& input : step.inputs)
        once(style_.edge(nodeOf(input.source), here + "/mapper", true, input.role));
      made.push_back(here);
      once(style_.type(here, graph_.typeName(step.output), true));
      once(style_.edge(here + "/mapper", here, true));
    }
    const std::string result = nodeOf(chosen.result);
    if (!boundary.app.empty()) once(style_.edge(result, end, true, boundary.role));
  }

  const std::string& text() const { return text_; }

 private:
  void once(std::string line) {
    if (lines_.insert(line).second) text_ += line;
  }

  // The component that the chain leads to; of a question of one's own the wanted type.
  std::string endOf(const Chain& chain) {
    const host::Boundary& boundary = chain.boundary;
    if (boundary.app.empty()) {
      if (!chain.answer) once(style_.type("wanted", graph_.typeName(boundary.query.wanted), true));
      return "wanted";
    }
    const std::string stage(stageWord(boundary.stage));
    const bool twice = boundary.component == boundary.plugin + "/" + boundary.plugin;
    once(style_.component(app_ + "/" + stage, stage, twice ? boundary.plugin : boundary.component,
                          boundary.plugin));
    return app_ + "/" + stage;
  }

  // A value that is there before the chain begins: what the stage before made, or what cairn gives.
  std::string valueOf(const host::Boundary& boundary, const graph::Available& value) {
    const std::string type = graph_.typeName(value.type);
    const std::string node = app_ + "/" + type + "/" + value.label;
    once(style_.type(node, type, true));
    if (!value.main || boundary.app.empty()) return node;
    const std::string before = app_ + "/" + value.label.substr(0, value.label.find(' '));
    if (known(before)) once(style_.edge(before, node, true));
    return node;
  }

  bool known(const std::string& node) const {
    return text_.find("  \"" + node + "\" [") != std::string::npos;
  }

  const graph::MapperGraph& graph_;
  const PictureStyle& style_;
  const std::string app_;
  std::set<std::string> lines_;
  std::string text_;
};

std::string lanesOf(const PictureStyle& style, const std::vector<Chain>& chains) {
  std::vector<std::string> apps;
  for (const Chain& chain : chains) {
    if (std::ranges::find(apps, chain.boundary.app) == apps.end()) apps.push_back(chain.boundary.app);
  }
  std::string out;
  for (const std::string& app : apps) {
    auto first = std::ranges::find(chains, app, [](const Chain& chain) { return chain.boundary.app; });
    Lane lane(style, *first->boundary.graph, app);
    for (const Chain& chain : chains) {
      if (chain.boundary.app == app) lane.add(chain);
    }
    // Graphviz stacks frames from below.
    out.insert(0, app.empty() ? lane.text() : style.frame(app, app, lane.text()));
  }
  return out;
}

struct Chosen {
  std::set<std::string> mappers;  // their ids
  std::set<graph::TypeId> types;
};

Chosen chosenBy(const std::vector<Chain>& chains) {
  Chosen chosen;
  for (const Chain& chain : chains) {
    if (!chain.answer) continue;
    for (const graph::Step& step : chain.answer->chosen.steps) {
      chosen.mappers.insert(step.mapper);
      chosen.types.insert(step.output);
      for (const auto& input : step.inputs) chosen.types.insert(input.type);
    }
  }
  return chosen;
}

std::string mapOf(const Mappers& mappers, const PictureStyle& style, const std::vector<Chain>& chains) {
  const graph::MapperGraph& graph = *mappers.graph;
  const Chosen chosen = chosenBy(chains);
  std::map<std::string, graph::TypeId> types;  // by name, so that the text is the same every time
  std::string arrows;
  for (graph::MapperSpec mapper : mappers.all) {
    if (isForbidden(mapper, mappers.rules)) mapper.enabled = false;
    const bool stands = chosen.mappers.contains(mapper.id);
    const std::string node = "mapper " + mapper.id;
    arrows += style.mapper(node, mapper, stands);
    for (const auto& input : mapper.inputs) {
      types.emplace(graph.typeName(input.type), input.type);
      arrows += style.edge("type " + graph.typeName(input.type), node, stands, input.role);
    }
    types.emplace(graph.typeName(mapper.output), mapper.output);
    arrows += style.edge(node, "type " + graph.typeName(mapper.output), stands);
  }
  std::string out;
  for (const auto& [name, id] : types) out += style.type("type " + name, name, chosen.types.contains(id));
  return out + arrows;
}

}  // namespace

std::string pictureOf(const Mappers& mappers, const std::vector<Chain>& chains, PictureParts parts) {
  const PictureStyle style(pluginsOf(mappers, chains), mappers.gatePlaces);
  std::string out = "digraph cairn {\n" + pictureHead();
  if (parts == PictureParts::ChainsAndMap) {
    const std::string map = mapOf(mappers, style, chains);
    out += chains.empty() ? map : style.frame("every mapper", "every mapper", map);
  }
  return out + lanesOf(style, chains) + "}\n";
}

void printPicture(Output& output, const std::string& picture) {
  output.json(JsonObject().add("picture", picture).text());
  Lines lines;
  for (std::string_view line : splitLines(picture)) lines.push_back(line);
  output.lines(lines);
}

}  // namespace cairn::cli
