#pragma once
// Says what happens: fills in who and when, masks secrets, hands the event on.

#include <host/pipeline/context.h>

#include <string>

namespace cairn::host {

// A place to speak from: a run, an app of it, a stage of that. Cheap to copy; the context outlives it.
class Emitter {
 public:
  Emitter(PipelineContext& context, std::string run) : context_(&context), run_(std::move(run)) {}
  Emitter forApp(std::string app) const;
  Emitter forStage(std::string stage, std::string plugin) const;

  void emit(kj::FunctionParam<void(wire::Event::Builder)> fill) const;
  // An error or a warning that a person is to read.
  void diagnostic(const Error& error,
                  wire::Diagnostic::Severity severity = wire::Diagnostic::Severity::ERROR) const;

  const std::string& run() const { return run_; }
  const std::string& app() const { return app_; }

 private:
  PipelineContext* context_;
  std::string run_;
  std::string app_;
  std::string stage_;
  std::string plugin_;
};

// The words for a stage that people read in events: "build", "push", "deploy", "release".
const char* stageName(wire::StageKind kind);

// Masks the secrets in every text of `value`, at any depth.
void maskTexts(const Masking& masking, capnp::DynamicStruct::Builder value);

// An error with the secrets in all its texts masked.
Error masked(const Masking& masking, Error error);

}  // namespace cairn::host
