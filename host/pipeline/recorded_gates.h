#pragma once
// Whether what is on record has passed the gates that stand today before the stages that made it.
//
// A gate that changed since, as mapper_essence.h tells it, was not passed.

#include <cairn/record.capnp.h>
#include <host/pipeline/mapper_essence.h>
#include <host/pipeline/run_state.h>
#include <host/pipeline/type_graph.h>

namespace cairn::host {

// What gates look like today. All of it outlives the call.
struct GateEyes {
  const Project& project;
  const Variables& variables;
  GitSource& git;
  const TypeGraph& types;  // of the record's app
  MapperEssences& essences;
};

// `app` is what the file says of it today, null: nothing.
//
// Errors: gate-never-passed (Refused), naming the gates and how to pass them.
Result<void> checkRecordedGates(const GateEyes& eyes, const App* app, wire::Record::Reader record);

// The same where the file can't tell which gates stand today: `deployment` must have passed all that what
// serves has passed, and nothing must stand before a release. Errors: as above.
Result<void> checkGatesOfServing(wire::Record::Reader release, wire::Record::Reader deployment);

// Whether what could be read of a file may lack a gate of the app, or a stage of it that a gate stands
// before.
bool mayHideGates(const FaultyProject& file, const std::string& app);

// gate-never-passed: that the deployment passed all gates can't be shown, because of the first mistake.
Error gatesUnknown(wire::Record::Reader deployment, const Errors& mistakes);

PassedGate readGate(wire::Plan::Gate::Reader gate);
void writeGates(const std::vector<PassedGate>& gates, capnp::List<wire::Plan::Gate>::Builder out);

}  // namespace cairn::host
