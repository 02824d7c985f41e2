#pragma once
// Makes what a stage's operation takes: values of earlier stages and of the host, through the plan's mapper
// steps.

#include <host/pipeline/given_values.h>
#include <host/pipeline/mapper_call.h>
#include <host/pipeline/settings_value.h>

#include <deque>
#include <optional>
#include <set>

namespace cairn::host {

class StageInputs {
 public:
  // All arguments outlive it.
  StageInputs(const MapperPlace& place, wire::Plan::App::Reader app, wire::Plan::Stage::Reader stage,
              const StageOutputs& outputs, const DeploymentFacts& deployment)
      : place_(place), app_(app), stage_(stage), outputs_(outputs), deployment_(deployment) {}

  // Runs the steps, those that don't wait for each other side by side, and answers the operation's inputs in
  // their order. On a fiber. After a failure no further step is begun, and it answers when those that run
  // have ended; a cancelled run ends them.
  //
  // Errors: those of callMapper(); gate-changed-value; internal.
  Result<std::vector<Value>> make(kj::WaitScope& wait);

  // How the inputs came about.
  void write(wire::Record::Builder record) const;

 private:
  struct Step {
    wire::Plan::Step::Reader plan;
    std::vector<std::string> inputDigests;
    std::optional<Result<Value>> value;
    std::set<std::string> gates;  // that it has passed
    kj::Maybe<kj::ForkedPromise<void>> done;
  };
  using Chain = std::deque<Step>;

  kj::Promise<void> start(Chain& chain, std::size_t index);
  void run(kj::WaitScope& wait, Chain& chain, Step& step);
  // With another way to the input, where a mapper can't convert this very value.
  Error advised(Error error, const Chain& chain, const Step& step) const;
  Result<Value> source(wire::Plan::Source::Reader source, const Chain& chain) const;
  Result<void> checkGates(const Chain& chain, const Step& step, const std::vector<Value>& inputs,
                          const Value& made) const;

  const MapperPlace& place_;
  wire::Plan::App::Reader app_;
  wire::Plan::Stage::Reader stage_;
  const StageOutputs& outputs_;
  const DeploymentFacts& deployment_;
  std::deque<Chain> chains_;      // one for each input
  std::optional<Error> failure_;  // the first
};

}  // namespace cairn::host
