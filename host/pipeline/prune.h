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

// Has the plugin destroy what the record tells of, marked as being destroyed: whoever finds the record after
// this process was killed knows that it may be half gone. What it is afterwards is for the caller to write.
Result<void> destroyMarked(kj::WaitScope& wait, PipelineContext& context, const Emitter& emitter,
                           const LocatedPlugin& plugin, wire::Record::Reader record,
                           const std::string& runId);

// The same; it is destroyed afterwards, or what it was.
Result<void> destroyJournaled(kj::WaitScope& wait, PipelineContext& context, const Emitter& emitter,
                              const LocatedPlugin& plugin, wire::Record::Reader record,
                              const std::string& runId);

}  // namespace cairn::host
