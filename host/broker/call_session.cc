#include "host/broker/call_session.h"

#include "host/broker/service_starter.h"

#include <kj/debug.h>

#include <optional>
#include <type_traits>

namespace cairn::host {

// What all of a call's capabilities share. Its host pointer is null once the call has ended.
class CallSession::Shared : public kj::Refcounted {
 public:
  Shared(CallHost& host, CallScope scope, kj::Timer& timer, kj::UnixEventPort& port)
      : scope(std::move(scope)), timer(timer), port(port), host_(&host) {}

  CallHost& host() {
    KJ_IF_MAYBE (live, host_) return *live;
    kj::throwFatalException(KJ_EXCEPTION(FAILED, kj::str("revoked: the ", scope.title, " has ended")));
  }
  void end() { host_ = nullptr; }

  // What `result` holds; an error is kept for orItsOwn(), and thrown for the plugin to hear.
  template <typename T>
  T orThrow(Result<T>&& result) {
    if (!result) {
      if (!failure_) failure_ = result.error();
      kj::throwFatalException(KJ_EXCEPTION(FAILED, kj::str(result.error().message)));
    }
    if constexpr (!std::is_void_v<T>) return std::move(result).value();
  }
  Error orItsOwn(Error error) const {
    return error.code == "host-refused" && failure_ ? *failure_ : std::move(error);
  }

  template <typename Fill>
  void emit(Fill&& fill) {
    host().emit([&](wire::Event::Builder event) { fill(event); });
  }

  const CallScope scope;
  kj::Timer& timer;
  kj::UnixEventPort& port;
  std::uint32_t nextStep = 1;

 private:
  kj::Maybe<CallHost&> host_;
  std::optional<Error> failure_;  // the first
};

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

class JournalServer final : public wire::Journal::Server {
 public:
  explicit JournalServer(kj::Own<Shared> shared) : shared_(kj::mv(shared)) {}

 protected:
  kj::Promise<void> intend(IntendContext context) override {
    auto params = context.getParams();
    return shared_->host()
        .intend(params.getKind(), params.getName())
        .then([this, context](Result<std::uint64_t> handle) mutable {
          context.getResults().setResource(shared_->orThrow(kj::mv(handle)));
        });
  }
  kj::Promise<void> created(CreatedContext context) override {
    auto params = context.getParams();
    return shared_->host()
        .created(params.getResource(), params.getId(), params.getState())
        .then([this](Result<void> done) { shared_->orThrow(kj::mv(done)); });
  }
  kj::Promise<void> removed(RemovedContext context) override {
    return shared_->host().removed(context.getParams().getResource()).then([this](Result<void> done) {
      shared_->orThrow(kj::mv(done));
    });
  }
  kj::Promise<void> resources(ResourcesContext context) override {
    return shared_->host().resources().then([this, context](Result<std::vector<JournalEntry>> found) mutable {
      auto entries = shared_->orThrow(kj::mv(found));
      auto list = context.getResults().initResources(entries.size());
      for (std::size_t i = 0; i < entries.size(); ++i) {
        list[i].setResource(entries[i].handle);
        list[i].setKind(entries[i].kind);
        list[i].setName(entries[i].name);
        list[i].setId(entries[i].id);
        list[i].setState(entries[i].state);
      }
    });
  }

 private:
  kj::Own<Shared> shared_;
};

class ServicesServer final : public wire::Services::Server {
 public:
  explicit ServicesServer(kj::Own<Shared> shared) : shared_(kj::mv(shared)) {}

 protected:
  kj::Promise<void> start(StartContext context) override {
    std::string name = context.getParams().getName();
    return shared_->host()
        .intend("service", name)
        .then([this, context](Result<std::uint64_t> intended) mutable {
          const std::uint64_t handle = shared_->orThrow(kj::mv(intended));
          auto params = context.getParams();
          ServiceLaunch launch;
          launch.marker = markerOf(shared_->host().recordId(), params.getName());
          for (auto argument : params.getArgv()) launch.argv.emplace_back(argument.cStr());
          for (auto entry : params.getEnv())
            launch.environment.emplace_back(entry.getName(), entry.getValue());
          launch.input.assign(params.getInput().asChars().begin(), params.getInput().size());
          launch.output = outputOf(params.getName());
          auto identity = shared_->orThrow(startService(launch));
          answer(context.getResults().initService(), params.getName(), identity, handle);
          return shared_->host()
              .created(handle, std::to_string(identity.pid), identity.text())
              .then([this](Result<void> done) { shared_->orThrow(kj::mv(done)); });
        });
  }
  kj::Promise<void> find(FindContext context) override {
    return lookUp(context.getParams().getName()).then([this, context](kj::Maybe<Found> found) mutable {
      KJ_IF_MAYBE (service, found) {
        answer(context.getResults().initService(), context.getParams().getName(), service->identity,
               service->handle);
        context.getResults().setRunning(isRunning(service->identity));
      }
    });
  }
  kj::Promise<void> stop(StopContext context) override {
    return lookUp(context.getParams().getName())
        .then([this, context](kj::Maybe<Found> found) mutable -> kj::Promise<void> {
          KJ_IF_MAYBE (service, found) {
            auto grace = context.getParams().getGraceMs() * kj::MILLISECONDS;
            return stopService(service->identity, grace, shared_->timer, shared_->port)
                .then([this, context, handle = service->handle](bool wasRunning) mutable {
                  context.getResults().setWasRunning(wasRunning);
                  return shared_->host().removed(handle);
                })
                .then([this](Result<void> done) { shared_->orThrow(kj::mv(done)); });
          }
          return kj::READY_NOW;
        });
  }

 private:
  struct Found {
    ServiceIdentity identity;
    std::uint64_t handle;
  };

  // Of the record that starts it: nobody else's service, in this state or another one, has the same.
  static std::string markerOf(const std::string& recordId, kj::StringPtr name) {
    return recordId + "/" + name.cStr();
  }
  std::filesystem::path outputOf(kj::StringPtr name) {
    return shared_->scope.dataDir / "services" / (std::string(name) + ".log");
  }

  // The newest journaled service of this name that runs; else the newest journaled one.
  kj::Promise<kj::Maybe<Found>> lookUp(kj::StringPtr name) {
    return shared_->host().resources().then(
        [this, wanted = std::string(name)](Result<std::vector<JournalEntry>> entries) {
          kj::Maybe<Found> best;
          for (const auto& entry : shared_->orThrow(kj::mv(entries))) {
            if (entry.kind != "service" || entry.name != wanted) continue;
            auto identity = ServiceIdentity::parse(entry.state);
            // Intended only: the reply was lost, so that the process itself must tell.
            if (!identity) identity = findService(markerOf(entry.recordId, wanted));
            Found found{identity.value_or(ServiceIdentity{}), entry.handle};
            best = found;
            if (isRunning(found.identity)) break;
          }
          return best;
        });
  }

  void answer(wire::Service::Builder service, kj::StringPtr name, const ServiceIdentity& identity,
              std::uint64_t handle) {
    service.setName(name);
    service.setPid(identity.pid);
    service.setStartTime(identity.startTime);
    service.setOutputPath(outputOf(name).string());
    service.setResource(handle);
  }

  kj::Own<Shared> shared_;
};

class SecretsServer final : public wire::Secrets::Server {
 public:
  explicit SecretsServer(kj::Own<Shared> shared) : shared_(kj::mv(shared)) {}

 protected:
  kj::Promise<void> get(GetContext context) override {
    auto name = context.getParams().getName();
    auto value = shared_->orThrow(shared_->host().secret(name));
    shared_->emit([&](wire::Event::Builder event) { event.setSecretRead(name); });
    if (value) context.getResults().setValue(*value);
    context.getResults().setFound(value.has_value());
    return kj::READY_NOW;
  }

 private:
  kj::Own<Shared> shared_;
};

class InputServer final : public wire::Input::Server {
 public:
  explicit InputServer(kj::Own<Shared> shared) : shared_(kj::mv(shared)) {}

 protected:
  kj::Promise<void> read(ReadContext context) override {
    context.allowCancellation();
    return shared_->host()
        .readInput(context.getParams().getMaxBytes())
        .then([context](kj::Array<kj::byte> bytes) mutable { context.getResults().setBytes(bytes); });
  }
  kj::Promise<void> resized(ResizedContext context) override {
    context.allowCancellation();
    return shared_->host().resized().then([context](TerminalSize size) mutable {
      context.getResults().initSize().setColumns(size.columns);
      context.getResults().getSize().setRows(size.rows);
    });
  }

 private:
  kj::Own<Shared> shared_;
};

}  // namespace

CallSession::CallSession(CallHost& host, CallScope scope, kj::Timer& timer, kj::UnixEventPort& port)
    : shared_(kj::refcounted<Shared>(host, std::move(scope), timer, port)) {}

CallSession::~CallSession() noexcept(false) {
  end();
}

void CallSession::end() {
  shared_->end();
}

Error CallSession::orItsOwn(Error error) const {
  return shared_->orItsOwn(std::move(error));
}

void CallSession::fill(wire::CallContext::Builder context) {
  const CallScope& scope = shared_->scope;
  context.setWorkDir(scope.workDir.string());
  context.setCacheDir(scope.cacheDir.string());
  context.setDataDir(scope.dataDir.string());
  context.setTerminal(kj::heap<TerminalServer>(kj::addRef(*shared_)));
  context.setJournal(kj::heap<JournalServer>(kj::addRef(*shared_)));
  if (scope.mayStartServices) context.setServices(kj::heap<ServicesServer>(kj::addRef(*shared_)));
  context.setSecrets(kj::heap<SecretsServer>(kj::addRef(*shared_)));
  if (scope.hasInput) context.setInput(kj::heap<InputServer>(kj::addRef(*shared_)));
  auto arguments = context.initArguments(scope.arguments.size());
  for (std::size_t i = 0; i < scope.arguments.size(); ++i) arguments.set(i, scope.arguments[i]);
  auto logs = context.initLogs();
  logs.setFollow(scope.follow);
  logs.setTail(scope.tail);
  logs.setSinceUnixMs(scope.sinceUnixMs);
  auto tty = context.initTty();
  tty.setColumns(scope.columns);
  tty.setRows(scope.rows);
  tty.setTerm(scope.term);
}

}  // namespace cairn::host
