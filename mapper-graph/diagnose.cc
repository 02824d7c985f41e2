// Why there is no chain: what is missing, and what comes nearest.

#include <cairn/graph/mapper_graph.h>

#include "mapper-graph/derive.h"
#include "mapper-graph/near_names.h"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
#include <unordered_set>

namespace cairn::graph {
namespace {

using Cause = Diagnosis::Cause;

// With Reasons::Nearest.
constexpr std::size_t kShownTypes = 5;
constexpr std::size_t kShownMappers = 3;

class Investigation {
 public:
  Investigation(const MapperGraph& graph, const GraphData& data, const Query& query, Reasons reasons)
      : graph_(graph), data_(data), query_(query), wanted_(data.indexOf(query.wanted)) {
    out_.reasons = reasons;
  }

  Diagnosis run() {
    out_.wanted = graph_.typeName(query_.wanted);
    describeAvailable();
    if (query_.gates.size() > kMaxGates) {
      out_.cause = Cause::TooManyGates;
    } else if (!gatesStandInTheWay() && !rulesStandInTheWay() && !onlySideValuesLeadThere()) {
      findGap();
    }
    return std::move(out_);
  }

 private:
  std::size_t limit(std::size_t nearest) const {
    return out_.reasons == Reasons::All ? std::numeric_limits<std::size_t>::max() : nearest;
  }

  void describeAvailable() {
    const bool anyMain = std::ranges::any_of(query_.available, &Available::main);
    for (const bool main : {true, false}) {
      for (const Available& value : query_.available) {
        if ((value.main || !anyMain) != main) continue;
        std::string text = graph_.typeName(value.type);
        if (!value.role.empty()) text += ':' + value.role;
        if (main) out_.from.push_back(text);
        std::string note = value.label;
        if (!main) note += note.empty() ? "side input" : ", side input";
        if (!note.empty()) text += " (" + note + ")";
        out_.available.push_back(std::move(text));
      }
    }
  }

  std::optional<Derivation> tryWith(const Query& query) const {
    return deriveUnder(Rules(data_, query), query);
  }

  bool gatesStandInTheWay() {
    if (query_.gates.empty()) return false;
    Query open = query_;
    open.gates.clear();
    const auto chain = tryWith(open);
    if (!chain) return false;
    out_.chain = graph_.chainText(open, *chain);
    for (const std::string& gate : query_.gates) {
      Query alone = open;
      alone.gates = {gate};
      if (!tryWith(alone)) out_.gatesMissing.push_back(gate);
    }
    if (out_.gatesMissing.empty())
      out_.gatesMissing = query_.gates;  // each can be passed, not all in one chain
    out_.cause = Cause::GateNotPassed;
    const auto nobodyGrants = [this](const std::string& gate) { return granters(gate).empty(); };
    if (std::ranges::any_of(out_.gatesMissing, nobodyGrants)) out_.cause = Cause::GateUnknown;
    for (const std::string& gate : out_.gatesMissing) {
      for (const MapperIndex mapper : granters(gate)) {
        ++out_.nearestCount;
        if (out_.nearest.size() < limit(kShownMappers)) addNeed(mapper);
        if (out_.lostAfter.empty() && isPassedAt(mapper, gate)) out_.lostAfter = data_.id(mapper);
      }
    }
    return true;
  }

  // Whether a chain gets as far as this mapper's output with the gate passed.
  bool isPassedAt(MapperIndex mapper, const std::string& gate) const {
    Query halfway = query_;
    halfway.gates = {gate};
    halfway.wanted = data_.types[data_.mappers[mapper].output].id;
    return tryWith(halfway).has_value();
  }

  std::vector<MapperIndex> granters(const std::string& name) const {
    std::vector<MapperIndex> out;
    const auto gate = data_.findGate(name);
    for (MapperIndex m = 0; gate && m < data_.mappers.size(); ++m) {
      const auto& grants = data_.gateRows[data_.mappers[m].gates].grants;
      if (data_.mappers[m].enabled && std::ranges::find(grants, *gate) != grants.end()) out.push_back(m);
    }
    return out;
  }

  bool rulesStandInTheWay() {
    if (query_.pin.empty() && query_.forbid.empty()) return false;
    Query open = query_;
    open.gates.clear();
    open.pin.clear();
    open.forbid.clear();
    const auto chain = tryWith(open);
    if (!chain) return false;
    out_.cause = Cause::Blocked;
    out_.chain = graph_.chainText(open, *chain);
    const Rules rules(data_, query_);
    for (const Step& step : chain->steps) {
      if (!rules.allows(step.index)) out_.blocked.push_back(step.mapper);
    }
    return true;
  }

  bool onlySideValuesLeadThere() {
    if (!query_.fromMain || std::ranges::all_of(query_.available, &Available::main)) return false;
    Query side = openQuery();
    side.fromMain = false;
    const auto chain = tryWith(side);
    if (!chain) return false;
    out_.cause = Cause::SideOnly;
    out_.chain = graph_.chainText(side, *chain);
    return true;
  }

  Query openQuery() const {
    Query open = query_;
    open.gates.clear();
    open.pin.clear();
    open.forbid.clear();
    return open;
  }

  void findGap() {
    out_.cause = Cause::Gap;
    out_.nearNames = findNearNames();
    const bool isMade = wanted_ != kNoType && boost::in_degree(wanted_, data_.links) > 0;
    const bool isTaken = wanted_ != kNoType && boost::out_degree(wanted_, data_.links) > 0;
    if (isMade) {
      distance_ = data_.distancesTo(wanted_);
      explore();
      listWouldDo();
      listNeeds();
      supposeMissing();
      findDormant();
    }
    if (query_.available.empty()) out_.cause = Cause::NothingToUse;
    if (!isMade) out_.cause = isTaken ? Cause::NothingMakes : Cause::UnknownType;
  }

  std::vector<std::string> findNearNames() const {
    std::vector<std::string_view> names;
    for (TypeIndex t = 0; t < data_.types.size(); ++t) {
      if (boost::in_degree(t, data_.links) > 0) names.push_back(data_.types[t].name);
    }
    std::vector<std::string> available;
    for (const Available& value : query_.available) available.push_back(graph_.typeName(value.type));
    names.insert(names.end(), available.begin(), available.end());
    return graph::nearNames(out_.wanted, names, limit(kShownMappers));
  }

  // What can be made. No more are weighed than are shown.
  void explore() {
    const Query open = openQuery();
    Rules rules(data_, open);
    rules.countMissing = true;
    const Seeds seeds = seedsOf(rules, open);
    Search forward(rules, seeds.seeds);
    std::vector<std::pair<std::uint64_t, TypeIndex>> made;
    std::unordered_set<TypeIndex> seen;
    const std::size_t shown = limit(kShownTypes);
    forward.settleWhile([&](const Label& label) {
      if (seen.insert(label.type).second && label.mapper != kNone)
        made.emplace_back(label.weight[1], label.type);
      return made.size() <= shown || made.back().first == made[shown - 1].first;
    });
    out_.reached = firstNames(made);
    isReached_ = forward.reachable();
    const bool mayBeSide = open.fromMain && !std::ranges::all_of(open.available, &Available::main);
    isReachedFromMain_ = mayBeSide ? forward.reachableFromMain(isReached_) : isReached_;
    std::unordered_set<TypeIndex> given;
    for (const Seed& seed : seeds.seeds) {
      if (seed.role == 0) given.insert(seed.type);
    }
    out_.reachedCount = static_cast<std::size_t>(std::ranges::count(isReached_, 1)) - given.size();
  }

  void listWouldDo() {
    std::vector<std::pair<std::uint32_t, TypeIndex>> lead;
    for (TypeIndex t = 0; t < data_.types.size(); ++t) {
      if (t != wanted_ && isReached_[t] == 0 && distance_[t] != kFar) lead.emplace_back(distance_[t], t);
    }
    out_.wouldDoCount = lead.size();
    out_.wouldDo = firstNames(lead);
  }

  // The names of the nearest, those equally near sorted by name.
  template <typename Distance>
  std::vector<std::string> firstNames(std::vector<std::pair<Distance, TypeIndex>>& types) const {
    const std::size_t shown = limit(kShownTypes);
    if (types.size() > shown) {
      const auto last = types.begin() + static_cast<std::ptrdiff_t>(shown - 1);
      std::ranges::nth_element(types, last);
      const Distance far = last->first;
      std::erase_if(types, [&](const auto& type) { return type.first > far; });
    }
    std::vector<std::pair<Distance, std::string>> named;
    for (const auto& [distance, type] : types) named.emplace_back(distance, data_.typeName(type));
    std::ranges::sort(named);
    std::vector<std::string> out;
    for (auto& [distance, name] : named) {
      if (out.size() < shown) out.push_back(std::move(name));
    }
    return out;
  }

  // Mappers on the way that have some but not all of their inputs.
  void listNeeds() {
    std::vector<std::tuple<std::size_t, std::uint32_t, MapperIndex>> cut;
    for (MapperIndex m = 0; m < data_.mappers.size(); ++m) {
      const std::uint32_t distance = distance_[data_.types.size() + m];
      if (distance == kFar || !data_.mappers[m].enabled) continue;
      const auto inputs = data_.inputsOf(m);
      const auto has =
          std::ranges::count_if(inputs, [&](const InputRow& i) { return isReached_[i.type] != 0; });
      if (has > 0 && static_cast<std::size_t>(has) < inputs.size())
        cut.emplace_back(inputs.size() - has, distance, m);
    }
    out_.nearestCount = cut.size();
    const std::size_t shown = std::min(cut.size(), limit(kShownMappers));
    std::ranges::partial_sort(cut, cut.begin() + static_cast<std::ptrdiff_t>(shown));
    for (std::size_t i = 0; i < shown; ++i) addNeed(std::get<2>(cut[i]));
  }

  void addNeed(MapperIndex mapper) {
    Diagnosis::Need need{.mapper = std::string(data_.id(mapper)),
                         .output = data_.typeName(data_.mappers[mapper].output),
                         .has = {},
                         .lacks = {}};
    for (const InputRow& input : data_.inputsOf(mapper)) {
      std::string name = data_.typeName(input.type);
      if (input.role != 0) name += ':' + data_.roles[input.role];
      const bool has = !isReached_.empty() && isReached_[input.type] != 0;
      (has ? need.has : need.lacks).push_back(std::move(name));
    }
    out_.nearest.push_back(std::move(need));
  }

  // Supposes every unmade type to be there at the price of one, and searches again, from what can be made on:
  // what the lightest derivation takes of them is the smallest missing set. It must take something that comes
  // from a main value.
  void supposeMissing() {
    Query open = openQuery();
    if (!open.fromMain) {
      for (Available& value : open.available) value.main = true;
    }
    open.fromMain = true;
    Rules rules(data_, open);
    rules.countMissing = true;
    rules.blocked.assign(data_.mappers.size(), 0);
    Seeds seeds = seedsOf(rules, open);
    std::vector<std::uint8_t> isSeed(data_.types.size(), 0);
    for (MapperIndex m = 0; m < data_.mappers.size(); ++m) {
      const bool leads = distance_[data_.types.size() + m] != kFar;
      rules.blocked[m] = !leads || isReachedFromMain_[data_.mappers[m].output] != 0;
      if (rules.blocked[m] != 0 || !data_.mappers[m].enabled) continue;
      for (const InputRow& input : data_.inputsOf(m)) isSeed[input.type] = input.type != wanted_;
    }
    for (TypeIndex t = 0; t < data_.types.size(); ++t) {
      if (isSeed[t] == 0) continue;
      const Marks marks = isReachedFromMain_[t] != 0 ? kMain : 0;
      const std::uint64_t missing = isReached_[t] != 0 ? 0 : 1;
      seeds.seeds.push_back({.type = t, .marks = marks, .role = 0, .missing = missing});
    }
    Search search(rules, seeds.seeds);
    const auto goal = search.find(wanted_, kMain);
    if (!goal) return;
    out_.cause = Cause::MissingInputs;
    listMissing(search, *goal);
  }

  // Names what was supposed of the values that this label is made of.
  void listMissing(const Search& search, LabelId goal) {
    std::set<std::string> missing;
    std::vector<LabelId> stack{goal};
    std::set<LabelId> seen;
    while (!stack.empty()) {
      const LabelId id = stack.back();
      stack.pop_back();
      if (!seen.insert(id).second) continue;
      const Label& label = search.label(id);
      if (label.mapper == kNone) {
        if (label.weight[0] > 0) missing.insert(data_.typeName(label.type));
        continue;
      }
      const LabelId* chosen = search.chosen(label.from);
      stack.insert(stack.end(), chosen, chosen + data_.mappers[label.mapper].inputCount);
    }
    out_.missing.assign(missing.begin(), missing.end());
  }

  void findDormant() {
    if (std::ranges::all_of(data_.mappers, &MapperRow::enabled)) return;
    const Query open = openQuery();
    Rules rules(data_, open);
    rules.useAll = true;
    const auto chain = deriveUnder(rules, open);
    if (!chain) return;
    for (const Step& step : chain->steps) {
      if (!data_.mappers[step.index].enabled) out_.closedBy.push_back(step.mapper);
    }
  }

  const MapperGraph& graph_;
  const GraphData& data_;
  const Query& query_;
  const TypeIndex wanted_;
  Diagnosis out_;
  std::vector<std::uint8_t> isReached_;  // by type; empty until explored
  std::vector<std::uint8_t> isReachedFromMain_;
  std::vector<std::uint32_t> distance_;  // by vertex
};

}  // namespace

Diagnosis MapperGraph::diagnose(const Query& query, Reasons reasons) const {
  return Investigation(*this, *data_, query, reasons).run();
}

}  // namespace cairn::graph
