#pragma once
// The user's own commands before and after a stage.

#include <host/pipeline/run_state.h>
#include <host/project/scope.h>

namespace cairn::host {

// What a hook's environment tells besides the user's own: CAIRN_PROJECT, CAIRN_APP, CAIRN_WORKSPACE,
// CAIRN_STAGE.
struct HookPlace {
  std::string app;
  std::string stage;
  std::filesystem::path folder;
};

// secret-in-arguments: `setting`, a hook's command, would hold one.
Error secretInHook(const std::string& setting);

// Runs the stage's hooks of this kind one after the other, on a fiber. A hook that fails ends the stage, or
// is told as a warning where its `on_failure` says "continue".
//
// Errors: hook-failed with its last lines; those of its expressions.
Result<void> runHooks(kj::WaitScope& wait, RunState& run, const Emitter& emitter,
                      wire::Plan::Stage::Reader stage, wire::Plan::Hook::When when, const Scope& scope,
                      const HookPlace& place);

}  // namespace cairn::host
