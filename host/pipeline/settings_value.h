#pragma once
// A planned stage's settings, worked out as far as they can be, as the component's struct.

#include <host/pipeline/run_state.h>
#include <host/project/scope.h>

#include <map>

namespace cairn::host {

// What earlier stages of the app returned: in this run, or on record.
using StageOutputs = std::map<wire::StageKind, StageOutput>;

// What ${…} means in a stage while the plan runs. Keeps its git facts itself.
class StageScope {
 public:
  static Result<StageScope> make(const RunState& run, wire::Plan::App::Reader app,
                                 wire::Plan::Stage::Reader stage, const StageOutputs& outputs);
  const Scope& scope() const { return scope_; }

 private:
  std::unique_ptr<GitSource> git_;
  Scope scope_;
};

// `mayBeUnknown`: before the first act, when no stage has returned anything yet.
//
// Errors: those of expressions and settings; the first, the others in its detail. Secrets are masked from
// here on.
Result<StageSettings> settingsOf(const RunState& run, wire::Plan::App::Reader app,
                                 wire::Plan::Stage::Reader stage, const StageOutputs& outputs,
                                 bool mayBeUnknown);

// The first of several errors, the others' messages in its detail.
Error firstOf(Errors&& errors);

}  // namespace cairn::host
