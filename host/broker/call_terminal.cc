#include "host/broker/call_terminal.h"

namespace cairn::host {
namespace {

using Shared = CallSession::Shared;

class StepServer final : public wire::Step::Server {
 public:
  StepServer(kj::Own<Shared> shared, kj::StringPtr title)
      : shared_(kj::mv(shared)),
        number_(shared_->nextStep++),
        title_(kj::str(title)),
        started_(shared_->timer.now()) {
    shared_->emit([&](wire::Event::Builder event) {
      auto step = event.initStepStarted();
      step.setStep(number_);
      step.setTitle(title_);
    });
  }
  ~StepServer() noexcept(false) {
    // Dropped without an answer. When the call itself is over there is nobody left to tell.
    if (!finished_) kj::runCatchingExceptions([&] { finish(nullptr, true); });
  }

 protected:
  kj::Promise<void> progress(ProgressContext context) override {
    auto params = context.getParams();
    shared_->emit([&](wire::Event::Builder event) {
      auto progress = event.initStepProgress();
      progress.setStep(number_);
      progress.setTitle(title_);
      progress.setCurrent(params.getCurrent());
      progress.setTotal(params.getTotal());
      progress.setUnit(params.getUnit());
    });
    return kj::READY_NOW;
  }
  kj::Promise<void> update(UpdateContext context) override {
    title_ = kj::str(context.getParams().getTitle());
    shared_->emit([&](wire::Event::Builder event) {
      auto progress = event.initStepProgress();
      progress.setStep(number_);
      progress.setTitle(title_);
    });
    return kj::READY_NOW;
  }
  kj::Promise<void> done(DoneContext context) override {
    finish(context.getParams().getTitle(), true);
    return kj::READY_NOW;
  }
  kj::Promise<void> failed(FailedContext context) override {
    finish(context.getParams().getTitle(), false);
    return kj::READY_NOW;
  }

 private:
  void finish(kj::StringPtr title, bool ok) {
    if (finished_) return;
    finished_ = true;
    if (title.size() > 0) title_ = kj::str(title);
    shared_->emit([&](wire::Event::Builder event) {
      auto step = event.initStepFinished();
      step.setStep(number_);
      step.setTitle(title_);
      step.setOk(ok);
      step.setDurationMs(static_cast<std::uint64_t>((shared_->timer.now() - started_) / kj::MILLISECONDS));
    });
  }

  kj::Own<Shared> shared_;
  std::uint32_t number_;
  kj::String title_;
  kj::TimePoint started_;
  bool finished_ = false;
};

class TerminalServer final : public wire::Terminal::Server {
 public:
  explicit TerminalServer(kj::Own<Shared> shared) : shared_(kj::mv(shared)) {}

 protected:
  kj::Promise<void> step(StepContext context) override {
    context.getResults().setStep(kj::heap<StepServer>(kj::addRef(*shared_), context.getParams().getTitle()));
    return kj::READY_NOW;
  }
  kj::Promise<void> table(TableContext context) override {
    shared_->emit([&](wire::Event::Builder event) {
      auto table = event.initTable();
      table.setColumns(context.getParams().getColumns());
      table.setRows(context.getParams().getRows());
    });
    return kj::READY_NOW;
  }
  kj::Promise<void> namedValues(NamedValuesContext context) override {
    shared_->emit([&](wire::Event::Builder event) { event.setNamedValues(context.getParams().getValues()); });
    return kj::READY_NOW;
  }
  kj::Promise<void> output(OutputContext context) override {
    shared_->emit([&](wire::Event::Builder event) {
      auto output = event.initOutput();
      output.setStream(context.getParams().getStream());
      output.setBytes(context.getParams().getBytes());
    });
    return kj::READY_NOW;
  }
  kj::Promise<void> sync(SyncContext) override { return kj::READY_NOW; }
  kj::Promise<void> log(LogContext context) override {
    shared_->emit([&](wire::Event::Builder event) {
      auto log = event.initLog();
      log.setLevel(context.getParams().getLevel());
      log.setMessage(context.getParams().getMessage());
    });
    return kj::READY_NOW;
  }
  kj::Promise<void> logLine(LogLineContext context) override {
    shared_->emit([&](wire::Event::Builder event) { event.setLogLine(context.getParams().getLine()); });
    return kj::READY_NOW;
  }

 private:
  kj::Own<Shared> shared_;
};

}  // namespace

wire::Terminal::Client makeTerminal(kj::Own<CallSession::Shared> shared) {
  return kj::heap<TerminalServer>(kj::mv(shared));
}

}  // namespace cairn::host
