#pragma once
// Runs one mapper step of a plan: a plugin's, or one that cairn.toml declares.

#include <host/pipeline/journal_host.h>
#include <host/pipeline/mapping.h>
#include <host/pipeline/run_state.h>
#include <host/project/scope.h>

#include <vector>

namespace cairn::host {

// Where a step is run. All of it outlives the call.
struct MapperPlace {
  RunState& run;
  MapCache& mapped;
  const Emitter& emitter;
  const JournalScope& journal;
  const Scope& scope;   // of the stage, for what is left of expressions
  std::string before;   // what waits for the value: "deploy of web"
  std::string started;  // how far that has come: "nothing of the deploy of web was started"
};

// Makes the step's value of `inputs`, once in a run for the same mapper, settings and inputs. On a fiber.
//
// A mapper of cairn.toml gets its inputs as JSON on stdin and in ${input.…}; what a command prints must be
// the output as JSON. A gate may print nothing: its input has passed.
//
// Errors: gate-refused; stale-plan, where a gate's program is not the planned one; mapper-failed,
// mapper-refused; mapper-bad-output, mapper-no-output, mapper-output-too-large; command-not-found,
// command-timeout; those of expressions and of the plugin's call.
Result<Value> callMapper(kj::WaitScope& wait, const MapperPlace& place, wire::Plan::Step::Reader step,
                         const std::vector<Value>& inputs);

}  // namespace cairn::host
