#include "host/pipeline/gates_of_apps.h"

#include <host/pipeline/boundaries.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace cairn::host {
namespace {

const std::vector<StageKind> kStages{StageKind::Build, StageKind::Push, StageKind::Deploy,
                                     StageKind::Release};

bool isOfApp(const GatePlace& place) {
  return !place.app.empty() && place.stage.empty();
}

bool standsBefore(const AppGate& gate, const std::string& app) {
  return std::any_of(gate.places.begin(), gate.places.end(),
                     [&](const GatePlace& place) { return isOfApp(place) && place.app == app; });
}

// Where chains of one boundary could go. Each answer is remembered: many gates look at one type.
class Ways {
 public:
  explicit Ways(const Boundary& boundary) : boundary_(boundary) {}

  bool goThrough(const graph::MapperSpec& gate) {
    const auto isFromMain = [&](const graph::MapperInput& input) { return leadsTo(input.type, true); };
    const auto isThere = [&](const graph::MapperInput& input) { return leadsTo(input.type, false); };
    return std::any_of(gate.inputs.begin(), gate.inputs.end(), isFromMain) &&
           std::all_of(gate.inputs.begin(), gate.inputs.end(), isThere) && leadsOnFrom(gate.output);
  }

 private:
  bool leadsTo(graph::TypeId type, bool fromMain) {
    const auto [known, isNew] = to_.try_emplace({type, fromMain});
    if (isNew) known->second = canMake(type, fromMain, boundary_.query.available);
    return known->second;
  }

  bool leadsOnFrom(graph::TypeId type) {
    const auto [known, isNew] = from_.try_emplace(type);
    if (!isNew) return known->second;
    std::vector<graph::Available> available{{type, "", true, {}, {}}};
    for (graph::Available value : boundary_.query.available) {
      value.main = false;
      available.push_back(std::move(value));
    }
    return known->second = canMake(boundary_.query.wanted, true, std::move(available));
  }

  bool canMake(graph::TypeId type, bool fromMain, std::vector<graph::Available> available) const {
    graph::Query query;
    query.available = std::move(available);
    query.wanted = type;
    query.fromMain = fromMain;
    return boundary_.graph->derive(query).has_value();
  }

  const Boundary& boundary_;
  std::map<std::pair<graph::TypeId, bool>, bool> to_;
  std::map<graph::TypeId, bool> from_;
};

// The boundaries of one app, and which of its stages can be told about.
class AppStages {
 public:
  AppStages(const Boundaries& all, const App& app) : all_(all), app_(app) {
    for (const Boundary& boundary : all.all) {
      if (boundary.app != app.name) continue;
      told_.insert(boundary.stage);
      // A side input passes no gate.
      if (!boundary.query.gates.empty()) ways_.emplace_back(boundary.stage, Ways(boundary));
    }
  }

  std::set<wire::StageKind> behind(const graph::MapperSpec& gate) {
    std::set<wire::StageKind> out;
    for (auto& [stage, ways] : ways_) {
      if (out.count(stage) == 0 && ways.goThrough(gate)) out.insert(stage);
    }
    return out;
  }

  bool isUnknown(StageKind stage) const {
    if (told_.count(static_cast<wire::StageKind>(stage)) > 0) return false;
    return !all_.mistakes.empty() || app_.stage(stage) == nullptr;
  }

 private:
  const Boundaries& all_;
  const App& app_;
  std::set<wire::StageKind> told_;
  std::vector<std::pair<wire::StageKind, Ways>> ways_;
};

void settle(AppGate& gate, const App& app, const TypeGraph& types, AppStages& stages) {
  const auto index = types.graph().findMapper(gate.mapper);
  if (!index) return;
  const auto behind = stages.behind(types.graph().mapper(*index));
  gate.closed = behind.empty();
  if (gate.closed) return;
  std::vector<GatePlace> places;
  for (const GatePlace& place : gate.places) {
    if (!isOfApp(place) || place.app != app.name) {
      places.push_back(place);
      continue;
    }
    for (const StageKind stage : kStages) {
      if (behind.count(static_cast<wire::StageKind>(stage)) == 0 && !stages.isUnknown(stage)) continue;
      places.push_back(place);
      places.back().stage = stageTable(stage);
    }
  }
  gate.places = std::move(places);
}

}  // namespace

std::map<std::string, std::vector<AppGate>> settleGatesOfApps(const Project& project,
                                                              const PluginSet& plugins,
                                                              const TypeGraphs& types) {
  std::map<std::string, std::vector<AppGate>> out;
  for (const App& app : project.apps) {
    const auto& gates = types.of(app.name).gates();
    if (std::any_of(gates.begin(), gates.end(),
                    [&](const auto& gate) { return standsBefore(gate, app.name); }))
      out.emplace(app.name, gates);
  }
  if (out.empty()) return out;
  const Boundaries boundaries = boundariesOf(project, plugins, types);
  for (auto& [name, gates] : out) {
    const App& app = *project.app(name);
    AppStages stages(boundaries, app);
    for (AppGate& gate : gates) {
      if (standsBefore(gate, name)) settle(gate, app, types.of(name), stages);
    }
  }
  return out;
}

Error closedGate(const AppGate& gate, const App& app) {
  Error error{ErrorKind::Refused,
              "gate-not-passed",
              "the gate \"" + gate.name + "\" stands before the app " + app.name +
                  ", but no chain into a stage of it could go through the gate",
              "declare it on a type that is on the way into one of its stages (`cairn mapper explain --app " +
                  app.name + "` shows them), or take the app out of `gate`",
              {}};
  for (const GatePlace& place : gate.places) {
    if (isOfApp(place) && place.app == app.name) error.position = place.position;
  }
  return error;
}

}  // namespace cairn::host
