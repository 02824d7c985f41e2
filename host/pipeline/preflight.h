#pragma once
// Before the first act: all plugins of the plan are started, and every component says whether it could work.

#include <host/pipeline/run_state.h>

namespace cairn::host {

// Plugins start in parallel, checks run in parallel. All errors there are, in the plan's order; empty: go
// ahead. On a fiber.
Errors preflight(kj::WaitScope& wait, RunState& run);

}  // namespace cairn::host
