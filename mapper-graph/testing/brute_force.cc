#include "brute_force.h"

#include <algorithm>
#include <map>

namespace cairn::graph {
namespace {

bool isNamed(const std::vector<Selector>& rule, const MapperSpec& mapper) {
  return std::ranges::any_of(rule, [&](const Selector& selector) {
    if (selector.kind == Selector::Kind::Plugin) return mapper.plugin == selector.name;
    if (selector.kind == Selector::Kind::Type) return "t" + std::to_string(mapper.output) == selector.name;
    return mapper.id == selector.name;
  });
}

bool isBetter(Policy policy, const Price& a, const Price& b) {
  const int order = compare(policy, a.cost, b.cost);
  return order != 0 ? order < 0 : a.unpreferred < b.unpreferred;
}

}  // namespace

CostVector stepCost(const MapperSpec& mapper, const Query& query) {
  const bool runs = std::ranges::find(query.endpoints, mapper.plugin) != query.endpoints.end();
  return {.hops = 1,
          .lossy = mapper.lossy ? 1u : 0u,
          .effects = static_cast<std::uint64_t>(mapper.effects),
          .cost = mapper.cost,
          .launches = runs ? 0u : 1u};
}

bool isAllowed(const MapperSpec& mapper, const World& world) {
  if (isNamed(world.query.forbid, mapper)) return false;
  if (isNamed(world.query.pin, mapper)) return true;
  const bool isGate = std::ranges::any_of(mapper.grants, [&](const std::string& gate) {
    return std::ranges::find(world.query.gates, gate) != world.query.gates.end();
  });
  return isGate || std::ranges::none_of(world.mappers, [&](const MapperSpec& other) {
           return other.output == mapper.output && isNamed(world.query.pin, other);
         });
}

Price operator+(const Price& a, const Price& b) {
  return {a.cost + b.cost, a.unpreferred + b.unpreferred};
}

Price stepPrice(const MapperSpec& mapper, const Query& query) {
  const bool counts = !query.prefer.empty() && !isNamed(query.prefer, mapper);
  return {stepCost(mapper, query), counts ? 1u : 0u};
}

History leaf(const Available& value, const Query& query) {
  const bool anyMain = std::ranges::any_of(query.available, &Available::main);
  if (anyMain && !value.main) return {};
  History history{.fromMain = true};
  for (const std::string& gate : value.passed) {
    if (std::ranges::find(query.gates, gate) != query.gates.end()) history.passed.insert(gate);
  }
  return history;
}

std::optional<History> apply(const MapperSpec& mapper, const std::vector<History>& inputs,
                             const Query& query) {
  const auto demanded = [&](const std::string& gate) {
    return std::ranges::find(query.gates, gate) != query.gates.end();
  };
  const bool fromMain = std::ranges::any_of(inputs, &History::fromMain);
  if (!fromMain) return History{};
  History out{.fromMain = true};
  for (const std::string& gate : query.gates) {
    const auto has = [&](const History& h) { return !h.fromMain || h.passed.contains(gate); };
    if (std::ranges::all_of(inputs, has)) out.passed.insert(gate);
  }
  for (const std::string& gate : mapper.after) {
    if (demanded(gate) && !out.passed.contains(gate)) return std::nullopt;
  }
  const auto isKept = [&](const std::string& gate) {
    return mapper.keepsAllGates || std::ranges::find(mapper.keeps, gate) != mapper.keeps.end();
  };
  std::erase_if(out.passed, [&](const std::string& gate) { return !isKept(gate); });
  for (const std::string& gate : mapper.grants) {
    if (demanded(gate)) out.passed.insert(gate);
  }
  return out;
}

bool isAccepted(const History& history, const Query& query) {
  if (query.fromMain && !history.fromMain) return false;
  return !history.fromMain || history.passed.size() == query.gates.size();
}

namespace {

// An input's value, or what its mapper made: one of a type's by its history, or one bound by its role.
struct Choice {
  History history;
  Price price;
  std::size_t available = kNowhere;  // of a bound value: which it is

  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
};

class Oracle {
 public:
  explicit Oracle(const World& world) : world_(world), query_(world.query) {}

  std::optional<Answer> answer() {
    if (const auto direct = asItIs()) return Answer{.price = {}, .steps = {}, .result = *direct};
    settle();
    std::optional<std::pair<History, Price>> best;
    for (const auto& made : known_[query_.wanted]) {
      if (!isAccepted(made.first, query_)) continue;
      const bool isEqual = best && made.second == best->second;
      if (!best || isBetter(query_.policy, made.second, best->second) ||
          (isEqual && isRicher(made.first, best->first)))
        best = made;
    }
    if (!best) return std::nullopt;
    Answer out{.price = best->second, .steps = {}, .result = {}};
    out.result = write(query_.wanted, best->first, out.steps);
    return out;
  }

 private:
  std::optional<ValueRef> asItIs() const {
    for (std::size_t i = 0; i < query_.available.size(); ++i) {
      const Available& value = query_.available[i];
      if (value.type == query_.wanted && value.role.empty() && isAccepted(leaf(value, query_), query_))
        return ValueRef{ValueRef::From::Available, i};
    }
    return std::nullopt;
  }

  // All that can be made, and the least it costs.
  void settle() {
    for (const Available& value : query_.available) {
      if (value.role.empty()) known_[value.type][leaf(value, query_)] = {};
    }
    for (bool better = true; better;) {
      better = false;
      for (const MapperSpec& mapper : world_.mappers) {
        for (const auto& choices : waysToFeed(mapper)) {
          const auto [made, total] = result(mapper, choices);
          if (!made) continue;
          const auto [at, isNew] = known_[mapper.output].emplace(*made, total);
          if (!isNew && !isBetter(query_.policy, total, at->second)) continue;
          at->second = total;
          better = true;
        }
      }
    }
  }

  // What an input may take; nullopt where it is "any value of its type".
  std::optional<Choice> bound(const MapperInput& input) const {
    for (std::size_t i = 0; i < query_.available.size() && !input.role.empty(); ++i) {
      const Available& value = query_.available[i];
      if (value.type == input.type && value.role == input.role)
        return Choice{.history = leaf(value, query_), .price = {}, .available = i};
    }
    return std::nullopt;
  }

  std::vector<std::vector<Choice>> waysToFeed(const MapperSpec& mapper) {
    if (!isAllowed(mapper, world_)) return {};
    std::vector<std::vector<Choice>> ways{{}};
    std::set<TypeId> open;
    for (const MapperInput& input : mapper.inputs) {
      std::vector<Choice> choices;
      if (auto only = bound(input)) {
        choices.push_back(std::move(*only));
      } else {
        if (!open.insert(input.type).second) return {};  // nothing tells the two apart
        for (const auto& [history, price] : known_[input.type]) choices.push_back({history, price});
      }
      std::vector<std::vector<Choice>> longer;
      for (const auto& way : ways) {
        for (const Choice& choice : choices) {
          longer.push_back(way);
          longer.back().push_back(choice);
        }
      }
      ways = std::move(longer);
    }
    return ways;
  }

  std::pair<std::optional<History>, Price> result(const MapperSpec& mapper,
                                                  const std::vector<Choice>& choices) const {
    std::vector<History> histories;
    Price total = stepPrice(mapper, query_);
    for (const Choice& choice : choices) {
      histories.push_back(choice.history);
      total = total + choice.price;
    }
    return {apply(mapper, histories, query_), total};
  }

  // Gates count first, the later ones more; a side value has nothing left to pass.
  bool isRicher(const History& a, const History& b) const {
    for (auto gate = query_.gates.rbegin(); gate != query_.gates.rend(); ++gate) {
      const bool left = !a.fromMain || a.passed.contains(*gate);
      const bool right = !b.fromMain || b.passed.contains(*gate);
      if (left != right) return left;
    }
    return a.fromMain && !b.fromMain;
  }

  bool isRicher(const std::vector<Choice>& a, const std::vector<Choice>& b) const {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i].history != b[i].history) return isRicher(a[i].history, b[i].history);
    }
    return false;
  }

  // The first by its id of the mappers that make the value at its price, with the richest inputs.
  std::pair<const MapperSpec*, std::vector<Choice>> lastStep(TypeId type, const History& history) {
    const MapperSpec* first = nullptr;
    std::vector<Choice> inputs;
    for (const MapperSpec& mapper : world_.mappers) {
      if (mapper.output != type || (first != nullptr && first->id < mapper.id)) continue;
      for (const auto& choices : waysToFeed(mapper)) {
        const auto [made, total] = result(mapper, choices);
        if (made != history || !(total == known_[type][history])) continue;
        if (first == &mapper && !isRicher(choices, inputs)) continue;
        first = &mapper;
        inputs = choices;
      }
    }
    return {first, inputs};
  }

  ValueRef write(TypeId type, const History& history, std::vector<PlainStep>& steps) {
    if (const auto done = written_.find({type, history}); done != written_.end()) return done->second;
    ValueRef out;
    if (known_[type][history] == Price{}) {
      while (query_.available[out.index].type != type || !query_.available[out.index].role.empty() ||
             leaf(query_.available[out.index], query_) != history)
        ++out.index;
    } else {
      const auto [mapper, choices] = lastStep(type, history);
      PlainStep step{.mapper = mapper->id, .inputs = {}};
      for (std::size_t i = 0; i < choices.size(); ++i) {
        const MapperInput& input = mapper->inputs[i];
        const bool isBound = choices[i].available != Choice::kNowhere;
        step.inputs.push_back({input.type, input.role,
                               isBound ? ValueRef{ValueRef::From::Available, choices[i].available}
                                       : write(input.type, choices[i].history, steps)});
      }
      out = {ValueRef::From::Step, steps.size()};
      steps.push_back(std::move(step));
    }
    return written_[{type, history}] = out;
  }

  const World& world_;
  const Query& query_;
  std::map<TypeId, std::map<History, Price>> known_;
  std::map<std::pair<TypeId, History>, ValueRef> written_;
};

}  // namespace

std::optional<Answer> bruteForce(const World& world) {
  return Oracle(world).answer();
}

std::vector<PlainStep> plain(const std::vector<Step>& steps) {
  std::vector<PlainStep> out;
  for (const Step& step : steps) out.push_back({step.mapper, step.inputs});
  return out;
}

}  // namespace cairn::graph
