#pragma once
// A plan as people and as programs read it.

#include <cairn/plan.capnp.h>

#include "cli/engine.h"
#include "cli/output/line.h"

namespace cairn::cli {

// A line an app of what would change; `verbose` adds what Cairn itself gives, and labels.
Lines planLines(wire::Plan::Reader plan, bool verbose);
std::string planJson(wire::Plan::Reader plan, const std::vector<GoneApp>& gone);

}  // namespace cairn::cli
