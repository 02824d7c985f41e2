#pragma once
// Which plugins can stand beside each other: no two may give one name to different types or one id to
// different mappers, nor a mapper be what no mapper is.

#include <cairn/graph/mapper_graph.h>
#include <host/pipeline/plugin_set.h>
#include <host/project/project.h>

#include <vector>

namespace cairn::host {

// A plugin's mapper as the graph of types knows it.
graph::MapperSpec specOf(const LocatedPlugin& plugin, wire::Manifest::Mapper::Reader mapper);

// Takes those out of `plugins` that can't stand beside the others; broken() has the errors, type-conflict,
// bad-mapper or duplicate-mapper, each with the plugin's program. Of two that contradict each other the one
// stays that `project` uses.
void leaveOutMisfits(PluginSet& plugins, const Project& project);

// Tells each plugin of `plugins` that can't be used once, however often it is used: the first error stays,
// with where the others are.
void tellBrokenOnce(const PluginSet& plugins, std::vector<Error>& errors);

// For plugins that can't be used and are not used: why, and where the file brings them in. One that is used
// is an error at its `use`. None where some `use` is unknown, for its error tells of all of them.
std::vector<Error> warningsOfBroken(const PluginSet& plugins, const Project& project);

}  // namespace cairn::host
