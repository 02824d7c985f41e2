// The search against other ways of knowing the answer: a fixpoint over all derivations, Boost's Dijkstra, and
// what a change to the graph may not change.

#include <cairn/graph/graph_builder.h>
#include <cairn/graph/mapper_graph.h>

#include <gtest/gtest.h>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>

namespace cairn::graph {
namespace {

using Random = std::mt19937;

int pick(Random& random, int from, int to) {
  return std::uniform_int_distribution<int>(from, to)(random);
}

struct World {
  std::vector<MapperSpec> mappers;
  Query query;
};

const std::vector<std::string> kGates{"scan", "sign"};

MapperSpec randomMapper(Random& random, int number, int types, int maxInputs) {
  MapperSpec spec{.id = "p" + std::to_string(pick(random, 0, 2)) + "@1/m" + std::to_string(number)};
  spec.plugin = spec.id.substr(0, 2);
  std::set<TypeId> inputs;
  for (int i = pick(random, 1, maxInputs); i > 0; --i)
    inputs.insert(static_cast<TypeId>(pick(random, 1, types)));
  for (const TypeId type : inputs) spec.inputs.push_back({type, ""});
  spec.output = static_cast<TypeId>(pick(random, 1, types));
  spec.cost = static_cast<std::uint32_t>(pick(random, 0, 3));
  spec.lossy = pick(random, 0, 3) == 0;
  spec.effects = static_cast<Effects>(pick(random, 0, 2));
  spec.keepsAllGates = pick(random, 0, 2) == 0;
  for (const std::string& gate : kGates) {
    if (pick(random, 0, 3) == 0) spec.grants.push_back(gate);
    if (pick(random, 0, 3) == 0) spec.keeps.push_back(gate);
    if (pick(random, 0, 7) == 0) spec.after.push_back(gate);
  }
  return spec;
}

Selector randomSelector(Random& random, const World& world, int types) {
  switch (pick(random, 0, 3)) {
    case 0:
      return {Selector::Kind::Plugin, "p" + std::to_string(pick(random, 0, 2))};
    case 1:
      return {Selector::Kind::Type, "t" + std::to_string(pick(random, 1, types))};
    default:
      return {Selector::Kind::Mapper, world.mappers[random() % world.mappers.size()].id};
  }
}

void addRules(Random& random, World& world, int types) {
  for (auto* rule : {&world.query.pin, &world.query.forbid, &world.query.prefer}) {
    for (int i = pick(random, 0, 5) - 3; i > 0; --i) rule->push_back(randomSelector(random, world, types));
  }
}

World randomWorld(Random& random) {
  World world;
  const int types = pick(random, 2, 8);
  const int mappers = pick(random, 1, 12);
  for (int m = 0; m < mappers; ++m) world.mappers.push_back(randomMapper(random, m, types, 3));
  world.query.wanted = 1;
  world.query.policy = static_cast<Policy>(pick(random, 0, 2));
  world.query.endpoints = {"p0"};
  for (int gates = pick(random, 0, 3) - 1, i = 0; i < gates; ++i) world.query.gates.push_back(kGates[i]);
  for (int i = pick(random, 1, 3); i > 0; --i) {
    Available value{.type = static_cast<TypeId>(pick(random, 2, types)), .main = pick(random, 0, 1) == 0};
    if (pick(random, 0, 9) == 0) value.passed = {"scan"};
    world.query.available.push_back(value);
  }
  addRules(random, world, types);
  return world;
}

std::shared_ptr<const MapperGraph> build(const std::vector<MapperSpec>& mappers) {
  GraphBuilder builder;
  const auto name = [&](TypeId type) {
    EXPECT_TRUE(builder.addType({type, "t" + std::to_string(type)}).has_value());
  };
  for (const MapperSpec& mapper : mappers) {
    for (const MapperInput& input : mapper.inputs) name(input.type);
    name(mapper.output);
    EXPECT_TRUE(builder.addMapper(mapper).has_value());
  }
  return std::move(builder).build();
}

// What is known of how a value was made, in plain words.
struct History {
  bool fromMain = false;
  std::set<std::string> passed;  // meaningless unless fromMain
  auto operator<=>(const History&) const = default;
};

CostVector stepCost(const MapperSpec& mapper, const Query& query) {
  const bool runs = std::ranges::find(query.endpoints, mapper.plugin) != query.endpoints.end();
  return {.hops = 1,
          .lossy = mapper.lossy ? 1u : 0u,
          .effects = static_cast<std::uint64_t>(mapper.effects),
          .cost = mapper.cost,
          .launches = runs ? 0u : 1u};
}

bool isNamed(const std::vector<Selector>& rule, const MapperSpec& mapper) {
  return std::ranges::any_of(rule, [&](const Selector& selector) {
    if (selector.kind == Selector::Kind::Plugin) return mapper.plugin == selector.name;
    if (selector.kind == Selector::Kind::Type) return "t" + std::to_string(mapper.output) == selector.name;
    return mapper.id == selector.name;
  });
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

// A cost, and what decides between equal ones: steps that no `prefer` names.
struct Price {
  CostVector cost;
  std::uint64_t unpreferred = 0;
  bool operator==(const Price&) const = default;
};

Price operator+(const Price& a, const Price& b) {
  return {a.cost + b.cost, a.unpreferred + b.unpreferred};
}

bool isBetter(Policy policy, const Price& a, const Price& b) {
  const int order = compare(policy, a.cost, b.cost);
  return order != 0 ? order < 0 : a.unpreferred < b.unpreferred;
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

// What a mapper makes of inputs with these histories; none where it may not take them.
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

// The best cost by trying every mapper on every combination until nothing gets better.
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

// The world in lines, for a failure's message.
std::string dump(const World& world) {
  std::string out =
      "wanted " + std::to_string(world.query.wanted) + ", policy " + std::string(name(world.query.policy));
  for (const std::string& gate : world.query.gates) out += ", gate " + gate;
  for (const Available& value : world.query.available) {
    out += "\n  has " + std::to_string(value.type) + (value.main ? " main" : "") +
           (value.passed.empty() ? "" : " scan");
  }
  for (const MapperSpec& mapper : world.mappers) {
    out += "\n  " + mapper.id + ':';
    for (const MapperInput& input : mapper.inputs) out += ' ' + std::to_string(input.type);
    out += " -> " + std::to_string(mapper.output) + " cost=" + std::to_string(mapper.cost);
    for (const std::string& gate : mapper.grants) out += " grants=" + gate;
    for (const std::string& gate : mapper.keeps) out += " keeps=" + gate;
    for (const std::string& gate : mapper.after) out += " after=" + gate;
    if (mapper.keepsAllGates) out += " keepsall";
  }
  return out;
}

// Runs a derivation on paper: every input is there with its type, the result is accepted, the cost is as
// told.
void checkByHand(const World& world, const MapperGraph& graph, const Derivation& derivation,
                 std::uint64_t unpreferred) {
  std::vector<std::pair<History, Price>> made;
  const auto at = [&](const ValueRef& ref) {
    if (ref.from == ValueRef::From::Step) return made.at(ref.index);
    return std::pair{leaf(world.query.available.at(ref.index), world.query), Price{}};
  };
  for (const Step& step : derivation.steps) {
    const MapperSpec mapper = graph.mapper(step.index);
    ASSERT_EQ(step.inputs.size(), mapper.inputs.size());
    std::vector<History> histories;
    Price cost = stepPrice(mapper, world.query);
    ASSERT_EQ(step.cost, cost.cost);
    ASSERT_TRUE(isAllowed(mapper, world));
    for (const StepInput& input : step.inputs) {
      const bool isStep = input.source.from == ValueRef::From::Step;
      ASSERT_EQ(isStep ? derivation.steps.at(input.source.index).output
                       : world.query.available.at(input.source.index).type,
                input.type);
      histories.push_back(at(input.source).first);
      cost = cost + at(input.source).second;
    }
    const auto history = apply(mapper, histories, world.query);
    ASSERT_TRUE(history.has_value());
    made.emplace_back(*history, cost);
  }
  ASSERT_TRUE(isAccepted(at(derivation.result).first, world.query));
  ASSERT_EQ(at(derivation.result).second.cost, derivation.cost);
  ASSERT_EQ(at(derivation.result).second.unpreferred, unpreferred);
}

// A hundred thousand graphs in shards, so that they may be tried side by side.
constexpr int kShards = 4;
constexpr int kGraphsOfAShard = 25'000;

class AgainstBruteForce : public ::testing::TestWithParam<int> {};

TEST_P(AgainstBruteForce, RandomGraphsAgree) {
  Random random(20240229 + GetParam());
  int found = 0;
  for (int i = 0; i < kGraphsOfAShard; ++i) {
    const World world = randomWorld(random);
    const auto graph = build(world.mappers);
    const auto derivation = graph->derive(world.query);
    const auto best = bruteForce(world);
    ASSERT_EQ(derivation.has_value(), best.has_value()) << dump(world);
    if (!best) continue;
    ++found;
    ASSERT_EQ(derivation->cost, best->cost) << text(derivation->cost) << " but " << text(best->cost) << '\n'
                                            << dump(world);
    checkByHand(world, *graph, *derivation, best->unpreferred);
    if (HasFatalFailure()) FAIL() << dump(world);
  }
  EXPECT_GT(found, kGraphsOfAShard / 10);
}

INSTANTIATE_TEST_SUITE_P(Property, AgainstBruteForce, ::testing::Range(0, kShards));

// `pin = ["p0@1/m3", "p1@1/m4"]`, put into the query in place of what it says.
void obey(const std::string& line, Query& query) {
  std::vector<Selector> rule;
  for (std::size_t at = line.find('"'); at != std::string::npos;) {
    const std::size_t end = line.find('"', at + 1);
    rule.push_back({Selector::Kind::Mapper, line.substr(at + 1, end - at - 1)});
    at = line.find('"', end + 1);
  }
  if (line.starts_with("pin"))
    query.pin = rule;
  else if (line.starts_with("prefer"))
    query.prefer = rule;
  else
    query.forbid = rule;
}

TEST(Property, TheLineSuggestedSettlesAnAmbiguityAndKeepsTheChain) {
  Random random(6);
  int settled = 0;
  for (int i = 0; i < 10'000; ++i) {
    World world = randomWorld(random);
    world.query.pin = world.query.forbid = world.query.prefer = {};
    for (MapperSpec& mapper : world.mappers) {
      mapper.cost = 1;
      mapper.effects = Effects::Pure;
    }
    const auto graph = build(world.mappers);
    const auto before = graph->derive(world.query);
    if (!before || before->ambiguities.empty()) continue;
    const Ambiguity& ambiguity = before->ambiguities[0];
    Query asked = world.query;
    obey(ambiguity.settle, asked);
    const auto after = graph->derive(asked);
    ASSERT_TRUE(after.has_value()) << ambiguity.settle << '\n' << dump(world);
    ASSERT_EQ(after->steps, before->steps) << ambiguity.settle << '\n' << dump(world);
    for (const Ambiguity& other : after->ambiguities) {
      ASSERT_FALSE(other.chosenMapper == ambiguity.chosenMapper && other.rivalMapper == ambiguity.rivalMapper)
          << ambiguity.settle << '\n'
          << dump(world);
    }
    ++settled;
  }
  EXPECT_GT(settled, 100);
}

TEST(Property, TheOrderOfAddingNeverMatters) {
  Random random(1);
  for (int i = 0; i < 3000; ++i) {
    World world = randomWorld(random);
    const auto first = build(world.mappers)->explain(world.query);
    std::shuffle(world.mappers.begin(), world.mappers.end(), random);
    const auto second = build(world.mappers)->explain(world.query);
    ASSERT_EQ(first.has_value(), second.has_value());
    if (first) {
      ASSERT_EQ(first->text, second->text);
    }
    if (first) {
      ASSERT_EQ(first->chosen, second->chosen);
    }
    if (!first) {
      ASSERT_EQ(first.error().detail, second.error().detail);
    }
  }
}

// A cost as a number for Boost: 64-bit hops, lossy, effects, cost, launches packed; small graphs don't
// overflow it.
std::uint64_t packed(const CostVector& c) {
  return c.hops << 48 | c.lossy << 36 | c.effects << 24 | c.cost << 12 | c.launches;
}

TEST(Property, GraphsOfSingleInputsAgreeWithBoostsDijkstra) {
  using Oracle = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property,
                                       boost::property<boost::edge_weight_t, std::uint64_t>>;
  Random random(5);
  for (int i = 0; i < 2000; ++i) {
    constexpr int kTypes = 40;
    World world;
    Oracle oracle(kTypes + 1);
    world.query = {.available = {{.type = 1, .main = true}}, .wanted = 2, .endpoints = {"p1"}};
    for (int m = 0; m < 90; ++m) {
      world.mappers.push_back(randomMapper(random, m, kTypes, 1));
      const MapperSpec& added = world.mappers.back();
      boost::add_edge(added.inputs[0].type, added.output, packed(stepCost(added, world.query)), oracle);
    }
    std::vector<std::uint64_t> distance(kTypes + 1);
    boost::dijkstra_shortest_paths(oracle, 1, boost::distance_map(distance.data()));
    const auto found = build(world.mappers)->derive(world.query);
    ASSERT_EQ(found.has_value(), distance[2] != std::numeric_limits<std::uint64_t>::max());
    if (found) {
      ASSERT_EQ(packed(found->cost), distance[2]);
    }
  }
}

TEST(Property, AMapperFromWhichTheTargetCanNotBeReachedNeverChangesAPlan) {
  Random random(2);
  for (int i = 0; i < 3000; ++i) {
    World world = randomWorld(random);
    const auto before = build(world.mappers)->derive(world.query);
    MapperSpec useless = randomMapper(random, 99, 8, 3);
    useless.output = 77;
    world.mappers.push_back(useless);
    const auto after = build(world.mappers)->derive(world.query);
    ASSERT_EQ(before.has_value(), after.has_value());
    if (!before) continue;
    ASSERT_EQ(before->steps.size(), after->steps.size());
    for (std::size_t s = 0; s < before->steps.size(); ++s)
      ASSERT_EQ(before->steps[s].mapper, after->steps[s].mapper);
  }
}

TEST(Property, RaisingACostNeverLowersAPlansCost) {
  Random random(3);
  for (int i = 0; i < 3000; ++i) {
    World world = randomWorld(random);
    const auto before = build(world.mappers)->derive(world.query);
    MapperSpec& dearer =
        world.mappers[static_cast<std::size_t>(pick(random, 0, static_cast<int>(world.mappers.size()) - 1))];
    dearer.cost += 5;
    const auto after = build(world.mappers)->derive(world.query);
    ASSERT_EQ(before.has_value(), after.has_value());
    if (before) {
      ASSERT_LE(compare(world.query.policy, before->cost, after->cost), 0);
    }
  }
}

TEST(Property, RenamingTypesNeverChangesTheShapeOfAPlan) {
  Random random(4);
  for (int i = 0; i < 3000; ++i) {
    World world = randomWorld(random);
    const auto before = build(world.mappers)->derive(world.query);
    const auto renamed = [](TypeId type) { return 1000 - type * 7; };
    for (MapperSpec& mapper : world.mappers) {
      for (MapperInput& input : mapper.inputs) input.type = renamed(input.type);
      mapper.output = renamed(mapper.output);
    }
    for (Available& value : world.query.available) value.type = renamed(value.type);
    world.query.wanted = renamed(world.query.wanted);
    for (auto* rule : {&world.query.pin, &world.query.forbid, &world.query.prefer}) {
      for (Selector& selector : *rule) {
        if (selector.kind == Selector::Kind::Type)
          selector.name = "t" + std::to_string(renamed(std::stoul(selector.name.substr(1))));
      }
    }
    const auto after = build(world.mappers)->derive(world.query);
    ASSERT_EQ(before.has_value(), after.has_value());
    if (!before) continue;
    ASSERT_EQ(before->steps.size(), after->steps.size());
    for (std::size_t s = 0; s < before->steps.size(); ++s) {
      ASSERT_EQ(before->steps[s].mapper, after->steps[s].mapper);
      ASSERT_EQ(before->steps[s].inputs.size(), after->steps[s].inputs.size());
      for (std::size_t n = 0; n < before->steps[s].inputs.size(); ++n) {
        ASSERT_EQ(before->steps[s].inputs[n].source, after->steps[s].inputs[n].source);
      }
    }
  }
}

}  // namespace
}  // namespace cairn::graph
