#pragma once
// What is asked of the graph: from these values, make one of that type, by these rules.

#include <cairn/graph/cost.h>
#include <cairn/graph/mapper.h>

#include <string>
#include <vector>

namespace cairn::graph {

// A value that is there already.
struct Available {
  TypeId type = 0;
  std::string label;  // for people: "artifact of app web"
  // The stage's main input, the artifact. Others are side inputs.
  bool main = false;
  // A value with a role serves only inputs that name that role.
  std::string role;
  // Gates this very value is recorded to have passed.
  std::vector<std::string> passed;
};

// Names mappers in `[mappers]`: one by its id (with or without "@version"), all of a plugin (those that it
// runs and those whose id begins with it: "project/…" have no plugin), or all that make a type.
struct Selector {
  enum class Kind { Mapper, Plugin, Type };
  Kind kind = Kind::Mapper;
  std::string name;
};

inline constexpr std::size_t kMaxGates = 10;

struct Query {
  std::vector<Available> available;
  TypeId wanted = 0;

  // The wanted value must come from a main value: at least one leaf of its derivation is an available value
  // with `main`, so that a chain never goes round the registry. Set to false where a side input is wanted
  // (labels, a source tree). Where no available value is main, all count as main.
  bool fromMain = true;

  // Gates that everything which comes from a main value must have passed. At most kMaxGates. Side inputs are
  // not asked: an image is scanned, the signature joined to it is not.
  std::vector<std::string> gates;

  // Plugins of both ends, which run anyway: their steps launch nothing.
  std::vector<std::string> endpoints;

  Policy policy = Policy::Shortest;
  // The types that these mappers make are made by them alone (by all of them together; mappers that grant a
  // demanded gate excepted).
  std::vector<Selector> pin;
  // These mappers are not used.
  std::vector<Selector> forbid;
  // Among derivations of equal cost, the one with more of these mappers is taken.
  std::vector<Selector> prefer;
};

}  // namespace cairn::graph
