#include "sdk/src/testing/harness_loop.h"

#include "sdk/src/plugin_server.h"
#include "sdk/src/testing/services.h"

#include <cairn/detail/diagnostic.h>

#include <capnp/rpc-twoparty.h>
#include <kj/debug.h>

#include <cstdlib>

namespace cairn::testing::detail {
namespace {

std::filesystem::path makeDir() {
  auto name = (std::filesystem::temp_directory_path() / "cairn-harness-XXXXXX").string();
  KJ_REQUIRE(::mkdtemp(name.data()) != nullptr, "can't make a folder", name.c_str());
  return name;
}

void write(const Content& content, wire::Value::Builder out) {
  out.setContent(
      kj::arrayPtr(reinterpret_cast<const kj::byte*>(content.data()), content.size() * sizeof content[0]));
}

template <typename List>
void writeTexts(const std::vector<std::string>& texts, List list) {
  for (std::size_t i = 0; i < texts.size(); ++i) list.set(i, texts[i]);
}

std::vector<Error> readErrors(capnp::List<wire::Diagnostic>::Reader diagnostics) {
  std::vector<Error> errors;
  for (auto diagnostic : diagnostics) errors.push_back(cairn::detail::readDiagnostic(diagnostic));
  return errors;
}

Reply readOutcome(wire::Outcome::Reader outcome) {
  Reply reply;
  if (!outcome.isOk()) {
    reply.errors = readErrors(outcome.getDiagnostics());
    return reply;
  }
  auto words = outcome.getOk().getContent();
  auto begin = reinterpret_cast<const std::uint64_t*>(words.begin());
  reply.typeId = outcome.getOk().getTypeId();
  reply.content.assign(begin, begin + words.size() / sizeof *begin);
  return reply;
}

Reply protocolError(const kj::Exception& exception) {
  Reply reply;
  reply.errors.push_back(
      {.kind = ErrorKind::Internal, .code = "protocol", .message = kj::str(exception).cStr()});
  return reply;
}

}  // namespace

void Pending::finish(Reply answer) {
  std::lock_guard lock(mutex);
  reply = std::move(answer);
  finished = true;
  wake.notify_all();
}

Reply Pending::wait() {
  std::unique_lock lock(mutex);
  wake.wait(lock, [&] { return finished; });
  return reply;
}

struct Loop::Inside final : private kj::TaskSet::ErrorHandler {
  explicit Inside(Loop& loop)
      : loop(loop),
        io(kj::setupAsyncIo()),
        services(loop.dir / "data" / "output", io.provider->getTimer()),
        pipe(io.provider->newTwoWayPipe()),
        server(kj::heap<cairn::detail::PluginServer>(loop.plugin.definition(), loop.bundleDir, workers)),
        pluginServer(*server),
        pluginNetwork(*pipe.ends[1], capnp::rpc::twoparty::Side::SERVER),
        hostNetwork(*pipe.ends[0], capnp::rpc::twoparty::Side::CLIENT),
        pluginRpc(capnp::makeRpcServer(pluginNetwork, wire::Plugin::Client(kj::mv(server)))),
        hostRpc(capnp::makeRpcClient(hostNetwork)),
        plugin(bootstrap()),
        stopping(kj::newPromiseAndFulfiller<void>()),
        tasks(*this) {}

  void serve() {
    stopping.promise.wait(io.waitScope);
    pluginServer.cancelAll();
    // Authors' threads need this loop until they have ended.
    while (!pluginServer.idle()) io.provider->getTimer().afterDelay(1 * kj::MILLISECONDS).wait(io.waitScope);
  }
  void start(const CallSpec& spec, const std::shared_ptr<Pending>& pending) {
    pending->callId = ++lastCall;
    auto reply = spec.method == CallSpec::Method::Check ? check(spec)
                 : spec.method == CallSpec::Method::Map ? map(spec)
                                                        : run(spec);
    tasks.add(
        reply.then([pending](Reply reply) { pending->finish(std::move(reply)); },
                   [pending](kj::Exception&& exception) { pending->finish(protocolError(exception)); }));
  }
  void cancel(std::uint64_t callId) {
    auto request = plugin.cancelRequest();
    request.setCallId(callId);
    tasks.add(request.send().ignoreResult());
  }

  Loop& loop;
  kj::AsyncIoContext io;
  Services services;
  cairn::detail::WorkerPool workers;
  kj::TwoWayPipe pipe;
  kj::Own<cairn::detail::PluginServer> server;
  cairn::detail::PluginServer& pluginServer;
  capnp::TwoPartyVatNetwork pluginNetwork, hostNetwork;
  capnp::RpcSystem<capnp::rpc::twoparty::VatId> pluginRpc, hostRpc;
  wire::Plugin::Client plugin;
  kj::PromiseFulfillerPair<void> stopping;
  kj::TaskSet tasks;
  std::uint64_t lastCall = 0;

 private:
  void taskFailed(kj::Exception&& exception) override { KJ_LOG(ERROR, exception); }

  wire::Plugin::Client bootstrap() {
    capnp::MallocMessageBuilder message;
    auto vat = message.initRoot<capnp::rpc::twoparty::VatId>();
    vat.setSide(capnp::rpc::twoparty::Side::SERVER);
    return hostRpc.bootstrap(vat).castAs<wire::Plugin>();
  }

  std::string folder(const std::filesystem::path& name) {
    std::filesystem::create_directories(loop.dir / name);
    return (loop.dir / name).string();
  }
  void fill(const CallSpec& spec, wire::CallContext::Builder context) {
    context.setCallId(lastCall);
    context.setDeadlineMs(spec.deadline.count());
    context.setWorkDir(folder("work/" + std::to_string(lastCall)));
    context.setCacheDir(folder("cache"));
    context.setDataDir(folder("data"));
    context.setTerminal(makeTerminal(loop.notes));
    context.setJournal(makeJournal(loop.notes, spec.journal));
    context.setSecrets(makeSecrets(loop.notes));
    if (loop.plugin.definition().needsServices)
      context.setServices(makeServices(services, loop.notes, spec.journal));
    if (spec.op == Op::EXEC)
      context.setInput(makeInput(spec.standardInput, spec.inputStaysOpen, spec.resizes));
    writeTexts(spec.arguments, context.initArguments(spec.arguments.size()));
    auto logs = context.initLogs();
    logs.setFollow(spec.logs.follow);
    logs.setTail(spec.logs.tail);
    logs.setSinceUnixMs(spec.logs.since.count());
    context.initTty().setColumns(spec.tty.columns);
    context.getTty().setRows(spec.tty.rows);
    context.getTty().setTerm(spec.tty.term);
  }
  template <typename Builder>
  void fillInputs(const CallSpec& spec, Builder list) {
    for (std::size_t i = 0; i < spec.inputs.size(); ++i) {
      list[i].setTypeId(spec.inputs[i].typeId);
      write(spec.inputs[i].content, list[i]);
    }
  }
  kj::Promise<Reply> run(const CallSpec& spec) {
    auto request = plugin.runRequest();
    request.initComponent().setKind(spec.kind);
    request.getComponent().setName(spec.name);
    request.setOperation(spec.op);
    write(spec.settings, request.initSettings());
    fillInputs(spec, request.initInputs(spec.inputs.size()));
    fill(spec, request.initCall());
    return request.send().then([](auto response) { return readOutcome(response.getOutcome()); });
  }
  kj::Promise<Reply> map(const CallSpec& spec) {
    auto request = plugin.mapRequest();
    request.setMapper(spec.name);
    write(spec.settings, request.initSettings());
    fillInputs(spec, request.initInputs(spec.inputs.size()));
    fill(spec, request.initCall());
    return request.send().then([](auto response) { return readOutcome(response.getOutcome()); });
  }
  kj::Promise<Reply> check(const CallSpec& spec) {
    auto request = plugin.checkRequest();
    request.initComponent().setKind(spec.kind);
    request.getComponent().setName(spec.name);
    write(spec.settings, request.initSettings());
    writeTexts(spec.unknown, request.initUnknown(spec.unknown.size()));
    fill(spec, request.initCall());
    return request.send().then([](auto response) {
      Reply reply;
      reply.errors = readErrors(response.getDiagnostics());
      return reply;
    });
  }
};

Loop::Loop(Plugin plugin) : plugin(std::move(plugin)), dir(makeDir()), bundleDir(dir / "bundle") {}

Loop::~Loop() {
  if (thread_.get() != nullptr) {
    executor_->executeSync([this] { inside_->stopping.fulfiller->fulfill(); });
    thread_ = nullptr;  // joins
  }
  std::error_code ignored;
  std::filesystem::remove_all(dir, ignored);
}

void Loop::run() {
  Inside inside(*this);
  {
    std::lock_guard lock(mutex_);
    inside_ = &inside;
    executor_ = kj::getCurrentThreadExecutor().addRef();
  }
  ready_.notify_all();
  inside.serve();
}

std::shared_ptr<Pending> Loop::start(CallSpec spec) {
  std::unique_lock lock(mutex_);
  if (thread_.get() == nullptr) thread_ = kj::heap<kj::Thread>([this] { run(); });
  ready_.wait(lock, [&] { return inside_ != nullptr; });
  lock.unlock();
  auto pending = std::make_shared<Pending>();
  pending->loop = weak_from_this();
  executor_->executeSync([&] { inside_->start(spec, pending); });
  return pending;
}

void Loop::cancel(std::uint64_t callId) {
  executor_->executeSync([&] { inside_->cancel(callId); });
}

}  // namespace cairn::testing::detail
