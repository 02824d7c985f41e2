#pragma once
// What a plugin offers, as people and as programs read it.

#include "cli/engine.h"
#include "cli/output/line.h"

namespace cairn::cli {

// "builder", "platform", "2 mappers".
std::vector<std::string> offersOf(wire::Manifest::Reader manifest);

// Components with their settings, types, mappers.
Lines pluginLines(const PluginInfo& plugin);
std::string pluginJson(const PluginInfo& plugin);

}  // namespace cairn::cli
