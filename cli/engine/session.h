#pragma once
// What a command's work runs on: the event loop, the store, the broker, and who is told.

#include "cli/engine.h"
#include "host/pipeline/context.h"
#include "host/pipeline/emitter.h"

#include <memory>

namespace cairn::cli {

// One for a command, on its thread. The interrupt and the masker outlive it.
class Session {
 public:
  static Result<std::unique_ptr<Session>> open(const EngineOptions& options, const Interrupt& interrupt,
                                               Masker& masker);
  Session(const EngineOptions& options, host::StateFolders folders, const Interrupt& interrupt,
          Masker& masker);
  ~Session() noexcept(false);

  host::PipelineContext& context() { return *context_; }
  kj::WaitScope& wait() { return io_.waitScope; }
  kj::AsyncIoContext& io() { return io_; }

  // Events go there until the next call.
  void tell(EventSink& sink) { sink_ = &sink; }
  void beQuiet() { sink_ = nullptr; }
  // Speaks for a run with a new id.
  host::Emitter newRun();

 private:
  kj::AsyncIoContext io_;
  kj::UnixEventPort::FdObserver interruptObserver_;
  kj::ForkedPromise<void> interrupted_;
  bool cancelled_ = false;
  bool anySecret_ = false;
  EventSink* sink_ = nullptr;
  kj::Own<host::Store> store_;
  host::Broker broker_;
  std::unique_ptr<host::PipelineContext> context_;
};

}  // namespace cairn::cli
