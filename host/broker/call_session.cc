#include "host/broker/call_session.h"

#include "host/broker/call_services.h"
#include "host/broker/call_share.h"
#include "host/broker/call_terminal.h"

namespace cairn::host {
namespace {

using Shared = CallSession::Shared;

class JournalServer final : public wire::Journal::Server {
 public:
  explicit JournalServer(kj::Own<Shared> shared) : shared_(kj::mv(shared)) {}

 protected:
  kj::Promise<void> intend(IntendContext context) override {
    auto params = context.getParams();
    return shared_->intend(params.getKind(), params.getName())
        .then([this, context](Result<std::uint64_t> handle) mutable {
          context.getResults().setResource(shared_->orThrow(kj::mv(handle)));
        });
  }
  kj::Promise<void> created(CreatedContext context) override {
    auto params = context.getParams();
    return shared_->created(params.getResource(), params.getId(), params.getState())
        .then([this](Result<void> done) { shared_->orThrow(kj::mv(done)); });
  }
  kj::Promise<void> removed(RemovedContext context) override {
    return shared_->removed(context.getParams().getResource()).then([this](Result<void> done) {
      shared_->orThrow(kj::mv(done));
    });
  }
  kj::Promise<void> resources(ResourcesContext context) override {
    return shared_->resources().then([this, context](Result<std::vector<JournalEntry>> found) mutable {
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

class SecretsServer final : public wire::Secrets::Server {
 public:
  explicit SecretsServer(kj::Own<Shared> shared) : shared_(kj::mv(shared)) {}

 protected:
  kj::Promise<void> get(GetContext context) override {
    auto name = context.getParams().getName();
    auto value = shared_->orThrow(shared_->secret(name));
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
    return shared_->readInput(context.getParams().getMaxBytes())
        .then([context](kj::Array<kj::byte> bytes) mutable { context.getResults().setBytes(bytes); });
  }
  kj::Promise<void> resized(ResizedContext context) override {
    context.allowCancellation();
    return shared_->resized().then([context](TerminalSize size) mutable {
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
  context.setTerminal(makeTerminal(kj::addRef(*shared_)));
  context.setJournal(kj::heap<JournalServer>(kj::addRef(*shared_)));
  if (scope.mayStartServices) context.setServices(makeServices(kj::addRef(*shared_)));
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
