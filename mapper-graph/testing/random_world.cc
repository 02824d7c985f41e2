#include "random_world.h"

#include <cairn/graph/graph_builder.h>

#include <gtest/gtest.h>

#include <set>

namespace cairn::graph {

int pick(Random& random, int from, int to) {
  return std::uniform_int_distribution<int>(from, to)(random);
}

namespace {

const std::vector<std::string> kGates{"scan", "sign"};

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

std::string randomRole(Random& random) {
  const int drawn = pick(random, 0, 7);
  return drawn > 1 ? "" : drawn == 0 ? "app" : "base";
}

}  // namespace

MapperSpec randomMapper(Random& random, int number, int types, int maxInputs) {
  MapperSpec spec{.id = "p" + std::to_string(pick(random, 0, 2)) + "@1/m" + std::to_string(number)};
  spec.plugin = spec.id.substr(0, 2);
  std::set<std::pair<TypeId, std::string>> inputs;
  for (int i = pick(random, 1, maxInputs); i > 0; --i)
    inputs.insert({static_cast<TypeId>(pick(random, 1, types)), randomRole(random)});
  for (const auto& [type, role] : inputs) spec.inputs.push_back({type, role});
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

World randomWorld(Random& random) {
  World world;
  const int types = pick(random, 2, 8);
  const int mappers = pick(random, 1, 12);
  for (int m = 0; m < mappers; ++m) world.mappers.push_back(randomMapper(random, m, types, 3));
  world.query.wanted = 1;
  world.query.fromMain = pick(random, 0, 4) > 0;
  world.query.policy = static_cast<Policy>(pick(random, 0, 2));
  world.query.endpoints = {"p0"};
  for (int gates = pick(random, 0, 3) - 1, i = 0; i < gates; ++i) world.query.gates.push_back(kGates[i]);
  for (int i = pick(random, 1, 3); i > 0; --i) {
    Available value{.type = static_cast<TypeId>(pick(random, 2, types)), .main = pick(random, 0, 1) == 0};
    if (pick(random, 0, 9) == 0) value.passed = {"scan"};
    value.role = randomRole(random);
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

std::string dump(const World& world) {
  std::string out =
      "wanted " + std::to_string(world.query.wanted) + ", policy " + std::string(name(world.query.policy));
  if (!world.query.fromMain) out += ", from anything";
  for (const std::string& gate : world.query.gates) out += ", gate " + gate;
  for (const Available& value : world.query.available) {
    out += "\n  has " + std::to_string(value.type) + (value.main ? " main" : "") +
           (value.passed.empty() ? "" : " scan") + (value.role.empty() ? "" : " as " + value.role);
  }
  for (const MapperSpec& mapper : world.mappers) {
    out += "\n  " + mapper.id + ':';
    for (const MapperInput& input : mapper.inputs)
      out += ' ' + input.role + (input.role.empty() ? "" : "=") + std::to_string(input.type);
    out += " -> " + std::to_string(mapper.output) + " cost=" + std::to_string(mapper.cost);
    for (const std::string& gate : mapper.grants) out += " grants=" + gate;
    for (const std::string& gate : mapper.keeps) out += " keeps=" + gate;
    for (const std::string& gate : mapper.after) out += " after=" + gate;
    if (mapper.keepsAllGates) out += " keepsall";
  }
  return out;
}

}  // namespace cairn::graph
