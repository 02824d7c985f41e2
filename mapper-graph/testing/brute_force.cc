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

std::optional<Price> bruteForce(const World& world) {
  std::map<TypeId, std::map<History, Price>> known;
  for (const Available& value : world.query.available) known[value.type][leaf(value, world.query)] = {};
  for (bool better = true; better;) {
    better = false;
    for (const MapperSpec& mapper : world.mappers) {
      if (!isAllowed(mapper, world)) continue;
      std::vector<std::pair<std::vector<History>, Price>> choices{{}};
      for (const MapperInput& input : mapper.inputs) {
        std::vector<std::pair<std::vector<History>, Price>> longer;
        for (const auto& [histories, cost] : choices) {
          for (const auto& [history, inputCost] : known[input.type]) {
            longer.emplace_back(histories, cost + inputCost);
            longer.back().first.push_back(history);
          }
        }
        choices = std::move(longer);
      }
      for (const auto& [histories, cost] : choices) {
        const auto made = apply(mapper, histories, world.query);
        if (!made) continue;
        const Price total = cost + stepPrice(mapper, world.query);
        const auto [at, isNew] = known[mapper.output].emplace(*made, total);
        if (isNew || isBetter(world.query.policy, total, at->second)) {
          at->second = total;
          better = true;
        }
      }
    }
  }
  std::optional<Price> best;
  for (const auto& [history, cost] : known[world.query.wanted]) {
    if (!isAccepted(history, world.query)) continue;
    if (!best || isBetter(world.query.policy, cost, *best)) best = cost;
  }
  return best;
}

}  // namespace cairn::graph
