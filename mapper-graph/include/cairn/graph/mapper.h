#pragma once
// What the graph is made of: types of values, and mappers that turn values of some types into a value of
// another.

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::graph {

// A type's identity: the 64-bit id of its Cap'n Proto struct.
using TypeId = std::uint64_t;

// A mapper's place in one graph. Mappers are numbered in the order of their ids, so the number is the same
// whatever the order in which they were added; it means nothing in another graph.
using MapperIndex = std::uint32_t;

struct TypeRef {
  TypeId id = 0;
  std::string name;  // what people read: "docker.Image"

  bool operator==(const TypeRef&) const = default;
};

// One value that a mapper takes. `role` tells apart inputs of one type ("base", "app"); empty where none is
// needed.
//
// An input with a role takes the available value of that type and role, where there is one, else any value of
// its type. Where several inputs of a mapper have one type and roles, at most one may be left to "any value":
// the graph never feeds one value to two roles unasked.
struct MapperInput {
  TypeId type = 0;
  std::string role;
};

// What running a mapper does besides making its output. Weighed 0, 1, 2 a step.
enum class Effects : std::uint8_t { Pure, Idempotent, Effectful };

inline constexpr std::uint32_t kDefaultCost = 100;
inline constexpr std::uint32_t kMaxCost = 1'000'000;

struct MapperSpec {
  std::string id;      // global: "plugin@version/mapper"; the signature never identifies a mapper
  std::string plugin;  // the plugin that runs it; empty where no process has to be launched for it
  std::vector<MapperInput> inputs;  // at least one
  TypeId output = 0;
  std::uint32_t cost = kDefaultCost;  // 0 to kMaxCost
  bool lossy = false;
  Effects effects = Effects::Pure;

  // Gates. A value made by this mapper has passed `grants`, and of what its inputs have passed only `keeps`:
  // a mapper that rewrites a value invalidates what was checked before, unless it says otherwise.
  std::vector<std::string> grants;
  std::vector<std::string> keeps;
  bool keepsAllGates = false;
  // Gates that its input must have passed before, where the query asks for them ("sign" after "scan").
  std::vector<std::string> after;

  // False: known, but not in use (an installed plugin that the project doesn't name). Never chosen; named in
  // a diagnosis where it would close the gap.
  bool enabled = true;
};

}  // namespace cairn::graph
