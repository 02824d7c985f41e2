#pragma once
// One stage of one app in a plan.

#include <host/pipeline/plan_chain.h>
#include <host/pipeline/plan_maker.h>
#include <host/project/scope.h>

#include <functional>
#include <iterator>

namespace cairn::host {

class StagePlanner {
 public:
  // `pluginIndex` numbers the plugins that the plan uses, by their place in the set; `reasons` are told where
  // there is no chain.
  StagePlanner(const PlanInputs& inputs, const App& app,
               std::function<std::uint16_t(std::size_t)> pluginIndex, MapperEssences& essences,
               ChainQuestions& questions, const std::set<std::string>& faultyMappers, graph::Reasons reasons)
      : inputs_(inputs),
        app_(app),
        pluginIndex_(std::move(pluginIndex)),
        essences_(essences),
        questions_(questions),
        faultyMappers_(faultyMappers),
        reasons_(reasons) {}

  // Plans `stage` into `out` and moves `flow` on. After an error the stage is left half planned.
  void plan(const Stage& stage, StageFlow& flow, wire::Plan::Stage::Builder out);

  Errors& errors() { return errors_; }
  Errors& warnings() { return warnings_; }

 private:
  // Of the settings in `out`, as far as they are known, against the component's own.
  void checkSettings(const Stage& stage, const ComponentChoice& choice, wire::Plan::Stage::Builder out);
  void chains(const Stage& stage, const ComponentChoice& choice, wire::Manifest::Operation::Reader operation,
              const StageFlow& flow, const Scope* scope, wire::Plan::Stage::Builder out);
  void hooks(const Stage& stage, const Scope& scope, wire::Plan::Stage::Builder out);
  // Whether what a deploy or release makes can be destroyed, asked for its status and so on by the same
  // component.
  void lifecycle(const Stage& stage, const ComponentChoice& choice, std::uint64_t made);
  void take(Errors&& more) {
    errors_.insert(errors_.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  std::string path(const Stage& stage) const;
  // The hint where no line of the user's file can mend it.
  std::string mistakeOf(const ComponentChoice& choice) const;
  void faultySettings(const Stage& stage, const ComponentChoice& choice, Error error);

  const PlanInputs& inputs_;
  const App& app_;
  std::function<std::uint16_t(std::size_t)> pluginIndex_;
  MapperEssences& essences_;
  ChainQuestions& questions_;
  const std::set<std::string>& faultyMappers_;
  graph::Reasons reasons_;
  Errors errors_;
  Errors warnings_;
};

}  // namespace cairn::host
