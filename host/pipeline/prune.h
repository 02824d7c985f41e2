#pragma once
// Old deployments are removed once a newer one is released.

#include <host/pipeline/run_state.h>

namespace cairn::host {

// Destroys the app's deployments but for the one that serves, those newer than it and the `keep` newest
// before it. What can't be destroyed stays on record and is told as a warning. On a fiber.
void pruneDeployments(kj::WaitScope& wait, RunState& run, wire::Plan::App::Reader app);

// Marks a record as destroyed, after its remains are gone.
Result<void> markDestroyed(kj::WaitScope& wait, PipelineContext& context, wire::Record::Reader record,
                           const std::string& runId);

// Has the plugin destroy what the record tells of, and marks it as destroyed. Whoever finds the record after
// this process was killed knows that it may be half gone.
Result<void> destroyJournaled(kj::WaitScope& wait, PipelineContext& context, const Emitter& emitter,
                              const LocatedPlugin& plugin, wire::Record::Reader record,
                              const std::string& runId);

}  // namespace cairn::host
