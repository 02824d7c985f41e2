#pragma once
// Mappers of cairn.toml as the mapper graph takes them.

#include <cairn/graph/mapper.h>
#include <host/pipeline/plugin_set.h>
#include <host/project/project.h>

#include <map>
#include <string>

namespace cairn::host {

// Where a declared mapper leads.
struct DeclaredSpec {
  graph::MapperSpec spec;
  std::size_t plugin = 0;                 // of `use`: index in the set
  wire::Manifest::Mapper::Reader mapper;  // of `use`
};

using TypeIds = std::map<std::string, std::uint64_t>;  // by name

// The mapper with its id, and what becomes of gates that its input has passed:
//
//   a gate from a type to the same type keeps them: it lets the value through, or is told apart when it runs;
//   a gate to another type keeps those of its `after`;
//   another mapper keeps them where it says the same of the same thing: neither lossy nor effectful. What a
//   command does is not known: `run` keeps them only where the file says that it is pure or idempotent.
//
// Errors, with their place: unknown-type, unknown-mapper, bad-mapper.
Result<DeclaredSpec, Errors> specOf(const MapperDeclaration& declaration, const PluginSet& plugins,
                                    const TypeIds& types);

// What a plugin says that its mapper does. A kind that is not known stays out of range: the graph refuses it.
graph::Effects effectsOf(wire::Manifest::Mapper::Reader mapper);

// Rules of [mappers] that name nothing there is. Errors: unknown-mapper, unknown-type, unknown-plugin.
void checkRules(const Project& project, const PluginSet& plugins, const TypeIds& types, Errors& errors);

}  // namespace cairn::host
