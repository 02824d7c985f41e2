#pragma once
// How the wanted value is made: a proven list of steps, as data. Whoever runs it decides nothing more.

#include <cairn/graph/cost.h>
#include <cairn/graph/mapper.h>

#include <cstddef>
#include <string>
#include <vector>

namespace cairn::graph {

// A value within one derivation: one of the query's available values, or what an earlier step made.
struct ValueRef {
  enum class From { Available, Step };
  From from = From::Available;
  std::size_t index = 0;

  bool operator==(const ValueRef&) const = default;
};

struct StepInput {
  TypeId type = 0;
  std::string role;
  ValueRef source;

  bool operator==(const StepInput&) const = default;
};

struct Step {
  std::string mapper;     // the id: this is what is sent to the plugin
  MapperIndex index = 0;  // the same mapper in the graph that was asked
  std::string plugin;
  std::vector<StepInput> inputs;  // in the mapper's own order
  TypeId output = 0;
  CostVector cost;  // of this step alone

  bool operator==(const Step&) const = default;
};

// An equally good derivation of another meaning: one that uses other mappers. The ids decided between them.
struct Ambiguity {
  std::string chosenMapper;  // where the two differ
  std::string rivalMapper;
  std::string chosenChain;  // each in one line
  std::string rivalChain;
  std::string settle;  // the line for cairn.toml: `pin = ["docker/to-oci"]` under [mappers]

  bool operator==(const Ambiguity&) const = default;
};

// Of derivations that cost the same and use as many preferred mappers, it is the one whose last mapper's id
// sorts first; with one last mapper, the one whose first input to differ has passed more gates (the last in
// the query counts most, and a side value has passed all), then the one where it comes from a main value. The
// inputs are chosen between in the same way. Of equal available values the first in the query is taken.
struct Derivation {
  // In an order in which they can run: a step's inputs are available values or earlier steps. A value that
  // several steps take is made once. Empty where the wanted value is available as it is.
  std::vector<Step> steps;
  ValueRef result;
  TypeId wanted = 0;
  CostVector cost;
  std::vector<std::string> gates;  // those of the query's gates that the result has passed: all of them
  std::vector<Ambiguity> ambiguities;

  bool operator==(const Derivation&) const = default;
};

}  // namespace cairn::graph
