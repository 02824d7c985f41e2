// The life of a plugin's process that cairn started: from descriptor 3 to the socket's end.

#include "sdk/src/hand_start.h"
#include "sdk/src/plugin_server.h"

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace cairn {
namespace {

constexpr int kChannel = 3;
constexpr auto kGrace = 300 * kj::MILLISECONDS;  // for calls that run when the host goes away

bool isUnixSocket(int fd) {
  int domain = 0;
  socklen_t size = sizeof domain;
  return ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

std::filesystem::path executableDir() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

// Ends this process with what it started. The host gives it a group of its own; one that was started by hand
// may be in somebody else's.
void endWithGroup(int) {
  ::kill(::getpgrp() == ::getpid() ? 0 : ::getpid(), SIGKILL);
}

void prepareProcess() {
  ::signal(SIGPIPE, SIG_IGN);  // a host that went away is an error of a write, not a death
  // Also for a plugin whose loop no longer sees the socket's end.
  ::signal(SIGHUP, endWithGroup);
  ::prctl(PR_SET_PDEATHSIG, SIGHUP);
  ::setvbuf(stdout, nullptr, _IOLBF, 0);
}

// Once the host is gone nothing that runs here can be told to anybody.
kj::Promise<void> endCalls(detail::PluginServer& server, kj::Timer& timer, kj::TimePoint until) {
  server.cancelAll();
  if (server.idle() || timer.now() >= until) return kj::READY_NOW;
  return timer.afterDelay(5 * kj::MILLISECONDS).then([&server, &timer, until] {
    return endCalls(server, timer, until);
  });
}

// A host that stops a plugin still listens to it.
bool isHostGone(int fd) {
  pollfd channel{fd, 0, 0};
  return ::poll(&channel, 1, 0) > 0 && (channel.revents & (POLLHUP | POLLERR)) != 0;
}

[[noreturn]] void serve(const Plugin::Definition& definition, int fd) {
  prepareProcess();
  auto io = kj::setupAsyncIo();
  auto stream = io.lowLevelProvider->wrapUnixSocketFd(fd, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP);
  detail::WorkerPool workers;
  auto ownServer = kj::heap<detail::PluginServer>(definition, executableDir(), workers);
  auto& server = *ownServer;
  wire::Plugin::Client plugin(kj::mv(ownServer));
  // One descriptor a message: an end that takes none can't send any either.
  capnp::TwoPartyVatNetwork network(*stream, 1, capnp::rpc::twoparty::Side::SERVER);
  auto rpc = capnp::makeRpcServer(network, plugin);
  network.onDisconnect().wait(io.waitScope);
  auto& timer = io.provider->getTimer();
  endCalls(server, timer, timer.now() + kGrace).wait(io.waitScope);
  std::fflush(nullptr);
  if (fd == kChannel && isHostGone(fd)) endWithGroup(SIGHUP);
  ::_exit(0);  // a function that ignores cancel must not keep the process
}

}  // namespace

int servePlugin(const Plugin& plugin, int argc, char** argv) {
  auto& definition = plugin.definition();
  if (argc == 3 && std::string_view(argv[1]) == "--listen") {
    int fd = detail::acceptOne(argv[2]);
    if (fd >= 0) serve(definition, fd);
    return EXIT_FAILURE;
  }
  if (argc > 1 || !isUnixSocket(kChannel)) return detail::startedByHand(definition, argc, argv);
  ::fcntl(kChannel, F_SETFD, FD_CLOEXEC);  // a child that held it would hide this process's death
  serve(definition, kChannel);
}

}  // namespace cairn
