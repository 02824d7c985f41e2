#include "mapper-graph/derive.h"

#include <algorithm>

namespace cairn::graph {
namespace {

constexpr std::size_t kMaxAmbiguities = 3;

Marks marksOf(const Rules& rules, const Query& query, const Available& value, bool isMain) {
  if (!isMain) return rules.gateBits;
  Marks marks = kMain;
  for (std::size_t i = 0; i < std::min(query.gates.size(), kMaxGates); ++i) {
    if (std::ranges::find(value.passed, query.gates[i]) != value.passed.end()) marks |= Marks{2} << i;
  }
  return marks;
}

// Writes down a settled label as steps, inputs before what is made of them. At the label `swapped` the rival
// is taken instead of the winner.
class Extraction {
 public:
  Extraction(const Rules& rules, const Search& search, const Seeds& seeds, LabelId swapped = kNone)
      : rules_(rules), search_(search), seeds_(seeds), swapped_(swapped) {}

  Derivation write(LabelId goal) {
    putInOrder(goal);
    Derivation out;
    out.wanted = rules_.data.types[search_.label(goal).type].id;
    out.steps.reserve(order_.size());
    for (const LabelId id : order_) out.steps.push_back(stepOf(id));
    out.result = valueOf(goal);
    out.cost = rules_.costOf(search_.label(goal).weight);
    return out;
  }

  // The labels written, in the order of the steps.
  const std::vector<LabelId>& labels() const { return order_; }

 private:
  struct Visit {
    LabelId label;
    std::size_t nextInput;
  };

  MapperIndex mapper(LabelId id) const {
    return id == swapped_ ? search_.label(id).rivalMapper : search_.label(id).mapper;
  }
  std::uint32_t from(LabelId id) const {
    return id == swapped_ ? search_.label(id).rivalFrom : search_.label(id).from;
  }
  std::size_t inputCount(LabelId id) const {
    return mapper(id) == kNone ? 0 : rules_.data.mappers[mapper(id)].inputCount;
  }

  // Inputs before what is made of them; a label that several take comes once.
  void putInOrder(LabelId goal) {
    place_.assign(search_.labels().size(), kNone);
    std::vector<Visit> stack{{goal, 0}};
    while (!stack.empty()) {
      Visit& visit = stack.back();
      if (visit.nextInput == inputCount(visit.label)) {
        if (mapper(visit.label) != kNone && place_[visit.label] == kNone) {
          place_[visit.label] = static_cast<std::uint32_t>(order_.size());
          order_.push_back(visit.label);
        }
        stack.pop_back();
        continue;
      }
      const LabelId input = search_.chosen(from(visit.label))[visit.nextInput++];
      if (mapper(input) != kNone && place_[input] == kNone) stack.push_back({input, 0});
    }
  }

  ValueRef valueOf(LabelId id) const {
    if (mapper(id) == kNone) return {ValueRef::From::Available, seeds_.index[search_.label(id).from]};
    return {ValueRef::From::Step, place_[id]};
  }

  Step stepOf(LabelId id) const {
    const GraphData& data = rules_.data;
    const MapperRow& row = data.mappers[mapper(id)];
    Step step{.mapper = std::string(data.id(mapper(id))),
              .index = mapper(id),
              .plugin = data.plugins[row.plugin],
              .inputs = {},
              .output = data.types[row.output].id,
              .cost = rules_.costOf(mapper(id))};
    const auto inputs = data.inputsOf(mapper(id));
    step.inputs.reserve(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const ValueRef source = valueOf(search_.chosen(from(id))[i]);
      step.inputs.push_back({data.types[inputs[i].type].id, data.roles[inputs[i].role], source});
    }
    return step;
  }

  const Rules& rules_;
  const Search& search_;
  const Seeds& seeds_;
  LabelId swapped_;
  std::vector<LabelId> order_;
  std::vector<std::uint32_t> place_;  // by label: where it stands in `order_`; kNone: nowhere yet
};

std::vector<MapperIndex> mappersOf(const Derivation& derivation) {
  std::vector<MapperIndex> out;
  for (const Step& step : derivation.steps) out.push_back(step.index);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

struct Found {
  Derivation derivation;
  std::vector<Ambiguity> rivals;  // without `settle`
};
std::optional<Found> searchFor(const Rules& rules, const Query& query, TypeIndex wanted);

// Equally good derivations differ from the chosen one in a label with a rival. Those that merely do the same
// mappers in another order mean the same.
std::vector<Ambiguity> findRivals(const Rules& rules, const Query& query, const Search& search,
                                  const Seeds& seeds, const std::vector<LabelId>& labels, LabelId goal,
                                  const Derivation& chosen) {
  std::vector<Ambiguity> out;
  std::vector<MapperIndex> mappers;
  for (auto id = labels.rbegin(); id != labels.rend() && out.size() < kMaxAmbiguities; ++id) {
    const Label& label = search.label(*id);
    if (label.rivalMapper == kNone) continue;
    if (mappers.empty()) mappers = mappersOf(chosen);
    const Derivation rival = Extraction(rules, search, seeds, *id).write(goal);
    if (mappersOf(rival) == mappers) continue;
    out.push_back(Ambiguity{.chosenMapper = std::string(rules.data.id(label.mapper)),
                            .rivalMapper = std::string(rules.data.id(label.rivalMapper)),
                            .chosenChain = chainText(rules.data, query, chosen),
                            .rivalChain = chainText(rules.data, query, rival)});
  }
  return out;
}

// Whether the query, with a rule more, gives the same chain without this rival.
bool settles(const GraphData& data, const Query& query, const Derivation& chosen,
             const Ambiguity& ambiguity) {
  const auto found = searchFor(Rules(data, query), query, data.indexOf(query.wanted));
  if (!found || found->derivation.steps != chosen.steps) return false;
  return std::ranges::none_of(found->rivals, [&](const Ambiguity& other) {
    return other.chosenMapper == ambiguity.chosenMapper && other.rivalMapper == ambiguity.rivalMapper;
  });
}

std::string ruleText(std::string_view word, const std::vector<Selector>& rule) {
  std::string out(word);
  for (std::size_t i = 0; i < rule.size(); ++i) out += (i == 0 ? " = [\"" : "\", \"") + rule[i].name;
  return out + "\"]";
}

// The line of [mappers] that settles it, with what the line says already. Each is tried: a pin fails where
// the chain makes one type in two ways, or where both mappers are gates, which no pin rules out.
std::string settleLine(const GraphData& data, const Query& query, const Derivation& chosen,
                       const Ambiguity& ambiguity) {
  const std::string winner = withoutVersion(ambiguity.chosenMapper);
  const bool versionsOnly = winner == withoutVersion(ambiguity.rivalMapper);
  const auto selector = [&](const std::string& id) {
    return Selector{Selector::Kind::Mapper, versionsOnly ? id : withoutVersion(id)};
  };
  Query tried = query;
  tried.pin.push_back(selector(ambiguity.chosenMapper));
  if (settles(data, tried, chosen, ambiguity)) return ruleText("pin", tried.pin);
  tried = query;
  tried.prefer.push_back(selector(ambiguity.chosenMapper));
  if (settles(data, tried, chosen, ambiguity)) return ruleText("prefer", tried.prefer);
  tried = query;
  tried.forbid.push_back(selector(ambiguity.rivalMapper));
  return ruleText("forbid", tried.forbid);
}

// A value that is there and needs no step; the only answer for a type that the graph doesn't know.
std::optional<Derivation> takeAsItIs(const Rules& rules, const Query& query) {
  const bool anyMain = std::ranges::any_of(query.available, &Available::main);
  for (std::size_t i = 0; i < query.available.size(); ++i) {
    const Available& value = query.available[i];
    const Marks marks = marksOf(rules, query, value, value.main || !anyMain);
    if (value.type != query.wanted || !value.role.empty() || (marks & rules.accepted) != rules.accepted)
      continue;
    Derivation out;
    out.result = {ValueRef::From::Available, i};
    out.wanted = query.wanted;
    return out;
  }
  return std::nullopt;
}

std::optional<Found> searchFor(const Rules& rules, const Query& query, TypeIndex wanted) {
  const Seeds seeds = seedsOf(rules, query);
  Search search(rules, seeds.seeds);
  const auto goal = search.find(wanted, rules.accepted);
  if (!goal) return std::nullopt;
  Extraction extraction(rules, search, seeds);
  Found out{.derivation = extraction.write(*goal), .rivals = {}};
  out.rivals = findRivals(rules, query, search, seeds, extraction.labels(), *goal, out.derivation);
  return out;
}

}  // namespace

Seeds seedsOf(const Rules& rules, const Query& query) {
  Seeds out;
  const bool anyMain = std::ranges::any_of(query.available, &Available::main);
  for (std::size_t i = 0; i < query.available.size(); ++i) {
    const Available& value = query.available[i];
    const TypeIndex type = rules.data.indexOf(value.type);
    const auto role = std::ranges::find(rules.data.roles, value.role);
    if (type == kNoType || role == rules.data.roles.end()) continue;
    const Marks marks = marksOf(rules, query, value, value.main || !anyMain);
    out.seeds.push_back({.type = type,
                         .marks = marks,
                         .role = static_cast<std::uint32_t>(role - rules.data.roles.begin()),
                         .missing = 0});
    out.index.push_back(i);
  }
  return out;
}

std::optional<Derivation> deriveUnder(const Rules& rules, const Query& query, Ambiguities ambiguities) {
  if (query.gates.size() > kMaxGates) return std::nullopt;
  std::optional<Derivation> out = takeAsItIs(rules, query);
  const TypeIndex wanted = rules.data.indexOf(query.wanted);
  if (!out && wanted != kNoType) {
    if (auto found = searchFor(rules, query, wanted)) {
      out = std::move(found->derivation);
      if (ambiguities == Ambiguities::Settle) {
        for (Ambiguity& rival : found->rivals) rival.settle = settleLine(rules.data, query, *out, rival);
      }
      out->ambiguities = std::move(found->rivals);
    }
  }
  if (out) out->gates = query.gates;
  return out;
}

}  // namespace cairn::graph
