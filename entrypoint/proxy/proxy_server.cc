#include "entrypoint/proxy/proxy_server.h"

#include "entrypoint/arguments.h"
#include "entrypoint/control_listener.h"
#include "entrypoint/proxy/address.h"
#include "entrypoint/proxy/proxy_control.h"

#include <sys/resource.h>
#include <unistd.h>
#include <boost/asio/basic_signal_set.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <csignal>
#include <cstdio>

namespace cairn::entrypoint {
namespace {

using namespace std::chrono_literals;

constexpr auto kCheckInterval = 250ms;
constexpr auto kWaitForDescriptors = 50ms;
constexpr auto kWaitForRoom = 5ms;
// Listeners, files, commands; the rest is for clients, each of which needs one to its backend too.
constexpr size_t kOtherDescriptors = 24;

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

size_t mostClients() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return SIZE_MAX;
  return std::max<size_t>(2, (std::max<size_t>(limit.rlim_cur, kOtherDescriptors) - kOtherDescriptors) / 2);
}

class ProxyServer {
 public:
  ProxyServer(asio::io_context& context, const ServeOptions& options, Acceptor acceptor, Descriptor control,
              ProxyState state)
      : options_(options),
        executor_(context.get_executor()),
        acceptor_(std::move(acceptor)),
        proxy_(executor_),
        state_(std::move(state)),
        control_(executor_, proxy_, control.release(), state_, options.stateFile),
        signals_(executor_, SIGTERM, SIGINT),
        checkTimer_(executor_) {
    proxy_.timeouts.response = options.responseTimeout;
    proxy_.timeouts.client = options.clientTimeout;
  }

  void start(const std::optional<Endpoint>& backend) {
    if (backend) proxy_.router.switchTo(*backend, state_.deployment);
    asio::co_spawn(executor_, acceptAll(), asio::detached);
    asio::co_spawn(executor_, checkAll(), asio::detached);
    asio::co_spawn(executor_, control_.run(), asio::detached);
    asio::co_spawn(executor_, stopOnSignal(), asio::detached);
  }

 private:
  Task<void> acceptAll() {
    while (acceptor_.is_open()) {
      // Nobody gives way for one that has not come.
      co_await acceptor_.async_wait(Acceptor::wait_read, kAwait);
      co_await makeRoom();
      Socket client(executor_);
      auto [error] = co_await acceptor_.async_accept(client, kAwait);
      if (!error) {
        startSession(std::move(client));
      } else if (acceptor_.is_open() && error != asio::error::connection_aborted) {
        Timer pause(executor_, kWaitForDescriptors);
        co_await pause.async_wait(kAwait);
      }
    }
  }

  Task<void> makeRoom() {
    while (proxy_.sessions.size() >= mostClients_ && acceptor_.is_open()) {
      closeLongestQuiet();
      Timer pause(executor_, kWaitForRoom);
      co_await pause.async_wait(kAwait);
    }
  }

  void closeLongestQuiet() {
    Session* longest = nullptr;
    for (Session* session : proxy_.sessions) {
      const auto until = session->waitsUntil();
      if (until && (!longest || *until < *longest->waitsUntil())) longest = session;
    }
    if (longest) longest->close();
  }

  void startSession(Socket client) { asio::co_spawn(executor_, serve(std::move(client)), asio::detached); }

  Task<void> serve(Socket client) {
    Session session(proxy_, std::move(client));
    co_await session.run();
  }

  Task<void> checkAll() {
    error_code cancelled;
    while (!cancelled) {
      checkTimer_.expires_after(kCheckInterval);
      std::tie(cancelled) = co_await checkTimer_.async_wait(kAwait);
      const auto now = Clock::now();
      for (Session* session : proxy_.sessions) session->check(now);
      control_.check(now);
      if (const auto& backend = proxy_.router.current()) backend->dropStale();
    }
  }

  Task<void> stopOnSignal() {
    co_await signals_.async_wait(kAwait);
    proxy_.stopping = true;
    stopAccepting();
    for (Session* session : proxy_.sessions) session->finish();
    control_.close();
    asio::co_spawn(executor_, hurryOnSignal(), asio::detached);
    const auto deadline = Clock::now() + options_.drainTimeout;
    while (!proxy_.sessions.empty() && Clock::now() < deadline && !hurry_)
      co_await proxy_.quiet.waitUntil(deadline);
    for (Session* session : proxy_.sessions) session->close();
    signals_.cancel();
    if (!options_.controlPath.empty()) ::unlink(options_.controlPath.c_str());
    checkTimer_.cancel();
  }

  // The second signal.
  Task<void> hurryOnSignal() {
    auto [cancelled, number] = co_await signals_.async_wait(kAwait);
    if (cancelled) co_return;
    hurry_ = true;
    proxy_.quiet.wakeAll();
  }

  // Clients that have connected already are served: the system would otherwise refuse them belatedly.
  void stopAccepting() {
    error_code error;
    acceptor_.non_blocking(true, error);
    while (!error) {
      Socket client(executor_);
      acceptor_.accept(client, error);
      if (!error) startSession(std::move(client));
    }
    acceptor_.close(error);
  }

  const ServeOptions& options_;
  Executor executor_;
  Acceptor acceptor_;
  Proxy proxy_;
  ProxyState state_;
  ProxyControl control_;
  asio::basic_signal_set<Executor> signals_;
  Timer checkTimer_;
  const size_t mostClients_ = mostClients();
  bool hurry_ = false;
};

error_code tryListen(Acceptor& acceptor, const Endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    error_code ignored;
    acceptor.close(ignored);
  }
  return error;
}

// Opens the address. Where any port would do, the port it had before is the first choice.
Result<void> listen(Acceptor& acceptor, const Endpoint& wanted, const ProxyState& before) {
  if (const auto old = parseAddress(before.address);
      old && wanted.port() == 0 && old->address() == wanted.address() && !tryListen(acceptor, *old))
    return {};
  if (const error_code error = tryListen(acceptor, wanted))
    return Error{.kind = ErrorKind::Unavailable,
                 .code = "address-not-bound",
                 .message = "can't listen at " + addressText(wanted) + ": " + error.message(),
                 .hint = "another program may use the port; choose another one, or 0 for any"};
  return {};
}

void raiseDescriptorLimit() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Result<void> serveProxy(const ServeOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  raiseDescriptorLimit();
  const Endpoint wanted = CAIRN_TRY(parseAddress(options.listen));
  ProxyState state = options.stateFile.empty() ? ProxyState() : readProxyState(options.stateFile);
  if (state.backend.empty()) {
    state.backend = options.backend;
    state.deployment = options.deployment;
  }
  std::optional<Endpoint> backend;
  if (!state.backend.empty()) backend = CAIRN_TRY(parseAddress(state.backend));
  asio::io_context context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);
  // First of all, so that a second proxy on the same files is refused before it takes the port.
  Descriptor control;
  if (!options.controlPath.empty()) control = CAIRN_TRY(listenControl(options.controlPath));
  Acceptor acceptor(context.get_executor());
  CAIRN_TRY(listen(acceptor, wanted, state));
  state.address = addressText(acceptor.local_endpoint());
  CAIRN_TRY(writeProxyState(options.stateFile, state));
  std::printf("%s\n", state.address.c_str());
  std::fflush(stdout);
  ProxyServer server(context, options, std::move(acceptor), std::move(control), std::move(state));
  server.start(backend);
  context.run();
  return {};
}

}  // namespace cairn::entrypoint
