#include "host/pipeline/stage_query.h"

#include <host/project/project.h>

#include <algorithm>

namespace cairn::host {
namespace {

bool isNamed(const std::string& component, const ChainEnd& end) {
  const std::string name = end.use.substr(end.use.find('/') + 1);  // all of it where there is no slash
  return component == end.use || component == name || component == end.plugin ||
         component == end.plugin + "/" + name;
}

bool standsBefore(const GatePlace& place, const ChainEnd& end) {
  if (!place.app.empty() && place.app != end.app) return false;
  if (!place.stage.empty() && place.stage != stageTable(static_cast<StageKind>(end.stage))) return false;
  return place.component.empty() || isNamed(place.component, end);
}

std::vector<graph::Selector> selectorsOf(const std::vector<MapperRule>& rules) {
  std::vector<graph::Selector> out;
  for (const MapperRule& rule : rules)
    out.push_back({static_cast<graph::Selector::Kind>(rule.kind), rule.name});
  return out;
}

}  // namespace

std::vector<AppGate> gatesInto(const TypeGraph& types, const ChainEnd& end) {
  std::vector<AppGate> out;
  for (const AppGate& gate : types.gates()) {
    auto before = [&](const GatePlace& place) { return standsBefore(place, end); };
    if (std::any_of(gate.places.begin(), gate.places.end(), before)) out.push_back(gate);
  }
  return out;
}

bool isMainInput(wire::Manifest::Input::Reader input, const StageFlow& flow) {
  if (!isGiven(input.getType())) return true;
  return flow.type == 0 && input.getType() == givenType(wire::Given::SOURCE_TREE);
}

graph::Query queryUnder(const MapperRules& rules) {
  graph::Query query;
  switch (rules.policy) {
    case MapperPolicy::Shortest:
      query.policy = graph::Policy::Shortest;
      break;
    case MapperPolicy::Cost:
      query.policy = graph::Policy::Cost;
      break;
    case MapperPolicy::Lossless:
      query.policy = graph::Policy::Lossless;
      break;
  }
  query.pin = selectorsOf(rules.pin);
  query.forbid = selectorsOf(rules.forbid);
  query.prefer = selectorsOf(rules.prefer);
  return query;
}

graph::Query queryFor(const TypeGraph& types, const ChainEnd& end, wire::Manifest::Input::Reader input,
                      const StageFlow& flow) {
  graph::Query query = queryUnder(types.rules());
  query.wanted = input.getType();
  query.endpoints = {end.plugin};
  if (isMainInput(input, flow)) {
    for (const AppGate& gate : gatesInto(types, end)) query.gates.push_back(gate.name);
  }
  if (flow.type != 0) query.available.push_back({flow.type, flow.label, true, {}, {}});
  for (auto given : {wire::Given::SOURCE_TREE, wire::Given::LABELS, wire::Given::DEPLOYMENT_CONFIG}) {
    // Before the first stage the source is what a gate looks at.
    const bool isMain = flow.type == 0 && !query.gates.empty() && given == wire::Given::SOURCE_TREE;
    query.available.push_back({givenType(given), "given by cairn", isMain, {}, {}});
  }
  // What the host gives is asked for as it is; everything else must come from the artifact, once there is
  // one.
  query.fromMain = isMainInput(input, flow) && (flow.type != 0 || !query.gates.empty());
  return query;
}

}  // namespace cairn::host
