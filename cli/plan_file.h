#pragma once
// A plan as a file: a Cap'n Proto message of wire::Plan behind one line that says so.

#include <cairn/owned.h>
#include <cairn/plan.capnp.h>

#include <string>

#include "cli/engine.h"

namespace cairn::cli {

// The file appears whole or not at all, readable by its owner only. Error: file-not-written.
Answer<void> writePlanFile(const std::string& path, wire::Plan::Reader plan);
// Errors: plan-not-read, not-a-plan.
Answer<Owned<wire::Plan>> readPlanFile(const std::string& path);

}  // namespace cairn::cli
