#pragma once
// A query, compiled against one graph: which mappers may be used, what a step weighs, what it does to the
// marks.

#include <cairn/graph/query.h>

#include "mapper-graph/graph_data.h"

#include <array>
#include <cstdint>
#include <vector>

namespace cairn::graph {

// A cost in the order in which its parts are compared, then the count of steps that no `prefer` names.
using Weight = std::array<std::uint64_t, 6>;

Weight operator+(const Weight& a, const Weight& b);

// What is known of how a value came to be: bit 0, it comes from a main value; above it, the gates that
// everything in it that comes from a main value has passed. A value that comes from side values alone has all
// gate bits.
using Marks = std::uint32_t;
inline constexpr Marks kMain = 1;

struct Rules {
  Rules(const GraphData& data, const Query& query);

  bool allows(MapperIndex mapper) const {
    return (useAll || data.mappers[mapper].enabled) && (blocked.empty() || blocked[mapper] == 0);
  }
  void block(MapperIndex mapper);

  Weight weigh(MapperIndex mapper) const;
  CostVector costOf(MapperIndex mapper) const;
  CostVector costOf(const Weight& weight) const;

  // The marks of all inputs together.
  static Marks join(Marks a, Marks b) { return ((a | b) & kMain) | (a & b & ~kMain); }
  // Whether a value marked `a` can stand wherever one marked `b` can. A value that comes from the main one
  // can't stand for a side value where gates are demanded: a mapper may drop its gates, a side value has none
  // to lose.
  bool dominates(Marks a, Marks b) const { return (a & b) == b && (gateBits == 0 || ((a ^ b) & kMain) == 0); }

  // Whether the mapper may take inputs with these marks (gates it comes after), and the marks of what it
  // makes.
  bool mayTake(MapperIndex mapper, Marks inputs) const;
  Marks made(MapperIndex mapper, Marks inputs) const;

  const GraphData& data;
  Policy policy;
  Marks gateBits = 0;                   // all gates that the query demands
  Marks accepted = 0;                   // what the wanted value must have
  std::vector<Marks> bitOfGate;         // by the graph's gate; 0 where it isn't demanded; empty without gates
  std::vector<std::uint8_t> blocked;    // by mapper; empty where nothing is
  std::vector<std::uint8_t> preferred;  // by mapper; empty where nothing is
  std::vector<std::uint8_t> isEndpoint;  // by plugin
  bool countMissing = false;             // a diagnosis: weigh missing inputs before all else
  bool useAll = false;                   // a diagnosis: also mappers that are not in use
};

// Whether the selector names this mapper.
bool selects(const GraphData& data, const Selector& selector, MapperIndex mapper);

}  // namespace cairn::graph
