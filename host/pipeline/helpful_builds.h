#pragma once
// Which builds would do where what flows into a stage can't become what it takes.

#include <host/pipeline/plugin_set.h>
#include <host/pipeline/stage_query.h>

#include <string>

namespace cairn::host {

// A hint that names the builders of installed plugins whose output the mapper graph leads to the input; empty
// where there is none, or where something stands between the build and this stage. Asks the graph once for
// each builder: for errors only.
std::string buildHint(const PluginSet& plugins, const TypeGraph& types, const ChainEnd& end,
                      wire::Manifest::Input::Reader input, const StageFlow& flow);

}  // namespace cairn::host
