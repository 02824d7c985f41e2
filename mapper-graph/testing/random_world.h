#pragma once
// Small graphs and questions drawn at random, the same for the same seed.

#include <cairn/graph/mapper_graph.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace cairn::graph {

using Random = std::mt19937;

// One of `from` to `to`, both included.
int pick(Random& random, int from, int to);

struct World {
  std::vector<MapperSpec> mappers;
  Query query;
};

// A mapper "pN@1/m<number>" between types 1 to `types`, at times with the gates "scan" and "sign", with
// roles, and with two inputs of one type that their roles tell apart.
MapperSpec randomMapper(Random& random, int number, int types, int maxInputs);

// Up to 8 types and 12 mappers, with rules, gates, roles and a policy; now and then for a side input.
World randomWorld(Random& random);

// The graph of these mappers, its types named "t<number>".
std::shared_ptr<const MapperGraph> build(const std::vector<MapperSpec>& mappers);

// The world in lines, for a failure's message.
std::string dump(const World& world);

}  // namespace cairn::graph
