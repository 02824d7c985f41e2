#pragma once
// A step of a plan that runs a mapper of cairn.toml.

#include <cairn/plan.capnp.h>
#include <host/pipeline/mapper_essence.h>
#include <host/pipeline/type_graph.h>
#include <host/project/scope.h>

namespace cairn::host {

// What the mapper does, its expressions worked out as far as they can be: `${input.…}` is known when it runs.
// What is known already is checked against the schemas of inputs and output, or of the plugin's settings.
//
// Errors: those of checkMapperTypes(), of expressions and settings; all there are.
Errors writeDeclared(const MapperHome& home, const graph::Step& step, const PluginSet& plugins,
                     const TypeSchemas& schemas, const Project& project, const Scope& scope,
                     MapperEssences& essences, wire::Plan::Step::Builder out);

// "mapper.scan" or "app.web.mapper.scan", as paths of settings begin.
std::string declaredPath(const std::string& mapperId);

}  // namespace cairn::host
