// What the search says without weighing, beside what it finds by weighing.

#include "mapper-graph/search.h"

#include "mapper-graph/graph_data.h"

#include <gtest/gtest.h>

#include <random>

namespace cairn::graph {
namespace {

// Mappers of one to three inputs, some with roles, some not in use.
GraphData randomGraph(std::mt19937& random) {
  GraphData data;
  data.gateRows = {GateRow{}};
  data.roles = {"", "base"};
  data.plugins = {""};
  for (TypeId type = 0; type < 12; ++type) data.types.push_back({type, ""});
  for (MapperIndex m = 0; m < 20; ++m) {
    MapperRow mapper{};
    mapper.output = static_cast<TypeIndex>(random() % 12);
    mapper.firstInput = static_cast<std::uint32_t>(data.inputs.size());
    mapper.enabled = random() % 5 != 0;
    const auto first = static_cast<TypeIndex>(random() % 12);
    mapper.inputCount = static_cast<std::uint16_t>(random() % 3 + 1);
    for (std::uint16_t i = 0; i < mapper.inputCount; ++i) {
      const std::uint32_t role = random() % 6 == 0 ? 1 : 0;
      data.inputs.push_back({(first + i * 5u) % 12, role});
      mapper.hasRoles = mapper.hasRoles || role != 0;
    }
    if (mapper.hasRoles) data.roledMappers.push_back(m);
    data.mappers.push_back(mapper);
  }
  data.link();
  return data;
}

std::vector<std::uint8_t> settledTypes(const Search& search) {
  std::vector<std::uint8_t> settled(12, 0);
  for (const Label& label : search.labels()) {
    if (label.settled) settled[label.type] = 1;
  }
  return settled;
}

TEST(Search, WhatIsReachableIsWhatCanBeSettledWhereverTheSearchStopped) {
  std::mt19937 random(7);
  for (int i = 0; i < 5000; ++i) {
    const GraphData data = randomGraph(random);
    const Rules rules(data, Query{});
    std::vector<Seed> seeds{{.type = static_cast<TypeIndex>(random() % 12), .marks = kMain}};
    if (random() % 2 == 0) seeds.push_back({.type = seeds[0].type, .marks = kMain, .role = 1});
    Search whole(rules, seeds);
    whole.settleWhile([](const Label&) { return true; });
    for (int stop = 1; stop < 12; ++stop) {
      Search part(rules, seeds);
      int settled = 0;
      part.settleWhile([&](const Label&) { return ++settled < stop; });
      ASSERT_EQ(part.reachable(), settledTypes(whole)) << "graph " << i << ", stopped after " << stop;
    }
  }
}

TEST(Search, WhatIsReachableFromAMainValueIsWhatIsSettledSo) {
  std::mt19937 random(8);
  for (int i = 0; i < 5000; ++i) {
    const GraphData data = randomGraph(random);
    const Rules rules(data, Query{});
    std::vector<Seed> seeds;
    for (std::uint32_t s = 0; s < 4; ++s) {
      const auto type = static_cast<TypeIndex>(random() % 12);
      seeds.push_back(
          {.type = type, .marks = random() % 2 == 0 ? kMain : 0, .role = random() % 3 == 0 ? 1u : 0u});
    }
    Search search(rules, seeds);
    search.settleWhile([](const Label&) { return true; });
    std::vector<std::uint8_t> fromMain(12, 0);
    const auto count = static_cast<LabelId>(search.labels().size());
    for (LabelId id = 0; id < count; ++id) {
      const Label& label = search.label(id);
      const bool hasRole = label.mapper == kNone && seeds[label.from].role != 0;
      if (label.settled && !hasRole && (label.marks & kMain) != 0) fromMain[label.type] = 1;
    }
    Search other(rules, seeds);
    other.settleWhile([](const Label&) { return false; });
    ASSERT_EQ(other.reachableFromMain(other.reachable()), fromMain) << "graph " << i;
  }
}

}  // namespace
}  // namespace cairn::graph
