#pragma once
// One stage of one app, from the record that is begun before the act to the value that is written after it.

#include <cairn/owned.h>
#include <host/pipeline/given_values.h>
#include <host/pipeline/journal_host.h>
#include <host/pipeline/run_state.h>
#include <host/pipeline/stage_inputs.h>

#include <cstdint>
#include <optional>
#include <set>

namespace cairn::host {

class StageRun {
 public:
  StageRun(RunState& run, MapCache& mapped, wire::Plan::App::Reader app, wire::Plan::Stage::Reader stage,
           const StageOutputs& outputs);

  // Runs on a fiber. What goes wrong is told as events, too; the error is the first of them.
  Result<StageOutput> execute(kj::WaitScope& wait);
  // After execute(): whether a release was made whose value was refused, so that what serves is not what is
  // on record.
  bool servesUnrecorded() const { return valueRefused_ && stage_.getKind() == wire::StageKind::RELEASE; }

 private:
  Result<void> begin(kj::WaitScope& wait, const StageSettings& settings);
  // Has the store keep what reads the record, once in a run.
  Result<void> keepSchemas(kj::WaitScope& wait);
  Result<StageOutput> act(kj::WaitScope& wait, const StageSettings& settings);
  // act(), whose exceptions are errors: what was begun on record must also end there.
  Result<StageOutput> actAndCatch(kj::WaitScope& wait, const StageSettings& settings);
  static Error brokeOff(const std::string& what, const kj::Exception& exception);
  std::set<std::string> textsIn(const StageSettings& settings) const;
  Result<void> refuseSecretsOf(const Value& made) const;
  // Whether gates are asked before the hooks before the stage are run, and not after them.
  bool gatesComeFirst() const;
  bool hasHooks(wire::Plan::Hook::When when) const;
  // Whether hooks were run before the inputs were made.
  bool hooksRan() const;
  Result<void> keep(kj::WaitScope& wait, const CallAnswer& answer, const StageInputs& inputs);
  void fail(kj::WaitScope& wait, const Error& error);
  // Whether a gate or a mapper did not let the input through, and nothing exists because of this stage.
  bool isRefusal(kj::WaitScope& wait, const Error& error);
  // Removes what a deploy that came to nothing has left outside.
  void cleanUp(kj::WaitScope& wait);
  Result<void> removeMade(kj::WaitScope& wait);
  // Has the journal tell of what was made, where neither a value nor the plugin's own entries will. The
  // handle.
  std::optional<std::uint64_t> noteUnrecorded(kj::WaitScope& wait);
  void warnUnrecorded();
  Result<void> save(kj::WaitScope& wait);
  JournalScope journalScope() const;
  DeploymentFacts deployment() const;
  std::string title() const;

  RunState& run_;
  PipelineContext& context_;
  MapCache& mapped_;
  wire::Plan::App::Reader app_;
  wire::Plan::Stage::Reader stage_;
  const StageOutputs& outputs_;
  const LocatedPlugin& plugin_;
  Emitter emitter_;
  Owned<wire::Record> record_;
  std::vector<PassedGate> gates_;  // by the end of this stage
  kj::TimePoint started_;
  bool called_ = false;        // the component has been
  bool done_ = false;          // on record
  bool valueRefused_ = false;  // of an act that came through; it must not be stored
  std::string lastLogLines_;   // of the app, where its deploy failed
};

}  // namespace cairn::host
