// The search against other ways of knowing the answer: a fixpoint over all derivations, Boost's Dijkstra, and
// what a change to the graph may not change.

#include "testing/brute_force.h"

#include <cairn/graph/mapper_graph.h>

#include <gtest/gtest.h>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>

#include <algorithm>
#include <map>
#include <optional>

namespace cairn::graph {
namespace {

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
    ASSERT_EQ(derivation->cost, best->price.cost)
        << text(derivation->cost) << " but " << text(best->price.cost) << '\n'
        << dump(world);
    checkByHand(world, *graph, *derivation, best->price.unpreferred);
    if (HasFatalFailure()) FAIL() << dump(world);
    ASSERT_EQ(plain(derivation->steps), best->steps) << dump(world);
    ASSERT_EQ(derivation->result, best->result) << dump(world);
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

// A cost as a number for Boost, its parts in the policy's order: small graphs don't overflow 12 bits.
std::uint64_t packed(Policy policy, const CostVector& c) {
  std::vector<std::uint64_t> parts = {c.hops, c.lossy, c.effects, c.cost, c.launches};
  if (policy == Policy::Cost) parts = {c.cost, c.lossy, c.effects, c.hops, c.launches};
  if (policy == Policy::Lossless) parts = {c.lossy, c.effects, c.hops, c.cost, c.launches};
  std::uint64_t out = 0;
  for (const std::uint64_t part : parts) out = out << 12 | part;
  return out;
}

class AgainstBoost : public ::testing::TestWithParam<Policy> {};

TEST_P(AgainstBoost, GraphsOfSingleInputsAgreeWithItsDijkstra) {
  using Oracle = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property,
                                       boost::property<boost::edge_weight_t, std::uint64_t>>;
  Random random(5);
  for (int i = 0; i < 1000; ++i) {
    constexpr int kTypes = 40;
    World world;
    Oracle oracle(kTypes + 1);
    world.query = {
        .available = {{.type = 1, .main = true}}, .wanted = 2, .endpoints = {"p1"}, .policy = GetParam()};
    for (int m = 0; m < 90; ++m) {
      world.mappers.push_back(randomMapper(random, m, kTypes, 1));
      const MapperSpec& added = world.mappers.back();
      boost::add_edge(added.inputs[0].type, added.output, packed(GetParam(), stepCost(added, world.query)),
                      oracle);
    }
    std::vector<std::uint64_t> distance(kTypes + 1);
    boost::dijkstra_shortest_paths(oracle, 1, boost::distance_map(distance.data()));
    const auto found = build(world.mappers)->derive(world.query);
    ASSERT_EQ(found.has_value(), distance[2] != std::numeric_limits<std::uint64_t>::max());
    if (found) {
      ASSERT_EQ(packed(GetParam(), found->cost), distance[2]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Property, AgainstBoost,
                         ::testing::Values(Policy::Shortest, Policy::Cost, Policy::Lossless),
                         [](const auto& info) { return std::string(name(info.param)); });

// A region that is entered and never left: its mappers take live and dead types, several in a row, in
// circles.
void addDeadEnds(Random& random, World& world) {
  constexpr TypeId kFirstDead = 70;
  constexpr TypeId kDeadTypes = 4;
  for (int m = pick(random, 1, 8); m > 0; --m) {
    MapperSpec useless = randomMapper(random, 90 + m, 8, 3);
    for (MapperInput& input : useless.inputs) {
      if (pick(random, 0, 1) == 0)
        input = {kFirstDead + input.type % kDeadTypes, "d" + std::to_string(input.type) + input.role};
    }
    useless.output = kFirstDead + static_cast<TypeId>(pick(random, 0, 7)) % kDeadTypes;
    world.mappers.push_back(useless);
  }
}

TEST(Property, MappersFromWhichTheTargetCanNotBeReachedNeverChangeAPlan) {
  Random random(2);
  int found = 0;
  for (int i = 0; i < 5000; ++i) {
    World world = randomWorld(random);
    const auto before = build(world.mappers)->derive(world.query);
    addDeadEnds(random, world);
    const auto after = build(world.mappers)->derive(world.query);
    ASSERT_EQ(before.has_value(), after.has_value()) << dump(world);
    if (!before) continue;
    ++found;
    ASSERT_EQ(before->cost, after->cost) << dump(world);
    ASSERT_EQ(plain(before->steps), plain(after->steps)) << dump(world);
    ASSERT_EQ(before->result, after->result) << dump(world);
    ASSERT_EQ(before->ambiguities, after->ambiguities) << dump(world);
  }
  EXPECT_GT(found, 500);
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
