#pragma once
// The types of the project's own: the Cap'n Proto schemas that [types] names, compiled at run time.

#include <cairn/base/result.h>

#include "host/project/project.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::host {

inline constexpr std::size_t kLargestSchema = 1u << 20;
inline constexpr std::size_t kMostSchemas = 64;  // with those that are imported

// A type that somebody else brings.
struct TakenType {
  std::string name;
  std::uint64_t id = 0;
  std::string owner;  // for people: "the plugin \"docker\""
};

// A manifest of the "plugin" `project` with types and their schemas, and nothing else; canonical. Empty where
// the project names no files.
//
// A struct with $Cairn.type in a file that [types] names is a type; imports count only for what it uses.
// Imports reach the project's folder, "/cairn/….capnp" and "/capnp/c++.capnp"; files may import each other.
// Neither a name nor an id that is `taken` stands for another type.
// Errors of a schema stand at their place in it, and the hint says where cairn.toml names it.
//
// Errors: type-schema, type-conflict, type-too-large, outside-project, unreadable-file; all there are.
Result<std::vector<std::uint64_t>, Errors> compileTypes(const Project& project,
                                                        const std::vector<TakenType>& taken = {});

}  // namespace cairn::host
