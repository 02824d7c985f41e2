#include "user_command.h"

#include "child_process.h"
#include "pseudo_terminal.h"

#include <cairn/base/write_all.h>

#include <poll.h>

#include <cerrno>
#include <thread>

namespace cairn::plugins::local {
namespace {

constexpr char kEndOfInputKey[] = "\x04";  // Ctrl-D

// Hands the user's input on until either has had enough; true when it was the user.
bool feed(const Call& call, int fd) {
  for (;;) {
    const auto bytes = call.readInput();
    if (!bytes) return false;
    if (bytes->empty()) return true;
    if (!writeAll(fd, *bytes)) return false;
  }
}

void passOutput(const Call& call, Descriptor& source, Stream stream) {
  std::string bytes;
  if (!readSome(source.get(), bytes)) return source.close();
  call.output(stream, bytes);
}

void pumpPipes(const Call& call, ChildProcess& child) {
  int cancelFd = call.cancelFd();
  while (child.output || child.errors) {
    pollfd fds[] = {{child.output.get(), POLLIN, 0}, {child.errors.get(), POLLIN, 0}, {cancelFd, POLLIN, 0}};
    if (::poll(fds, 3, -1) < 0 && errno != EINTR) return;
    if (fds[0].revents != 0) passOutput(call, child.output, Stream::Stdout);
    if (fds[1].revents != 0) passOutput(call, child.errors, Stream::Stderr);
    if (fds[2].revents == 0) continue;
    // With its client gone the supervisor ends the command; the streams then end too.
    child.terminate();
    cancelFd = -1;
  }
}

void pumpTerminal(const Call& call, int user, ChildProcess& child) {
  for (;;) {
    pollfd fds[] = {{user, POLLIN, 0}, {call.cancelFd(), POLLIN, 0}};
    if (::poll(fds, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return;
    }
    // A shell at a terminal ignores being asked to end, but not the hangup that follows.
    if (fds[1].revents != 0) return child.terminate();
    std::string bytes;
    if (fds[0].revents != 0 && !readSome(user, bytes)) return;
    call.output(Stream::Stdout, bytes);
  }
}

Result<int> runOnPipes(const Call& call, const std::vector<std::string>& argv) {
  ChildProcess child = CAIRN_TRY(ChildProcess::start(argv));
  std::thread feeder([&] {
    feed(call, child.input.get());
    child.input.close();
  });
  pumpPipes(call, child);
  const int exitCode = child.wait();
  call.endInput();
  feeder.join();
  return exitCode;
}

Result<int> runAtTerminal(const Call& call, const std::vector<std::string>& argv) {
  PseudoTerminal terminal = CAIRN_TRY(PseudoTerminal::open(call.tty()));
  ChildProcess child = CAIRN_TRY(ChildProcess::startAt(terminal.command, argv, call.tty().term));
  terminal.command.close();
  std::thread feeder([&] {
    // A terminal has no end of its input but the key that says so.
    if (feed(call, terminal.user.get())) writeAll(terminal.user.get(), kEndOfInputKey);
  });
  std::thread resizer([&] {
    while (const auto size = call.resized()) terminal.resize(*size);
  });
  pumpTerminal(call, terminal.user.get(), child);
  const int exitCode = child.wait();
  call.endInput();
  feeder.join();
  resizer.join();
  return exitCode;
}

}  // namespace

Result<int> runForUser(const Call& call, const std::vector<std::string>& argv) {
  const int exitCode = CAIRN_TRY(call.tty().columns > 0 ? runAtTerminal(call, argv) : runOnPipes(call, argv));
  if (call.cancelled()) return call.cancelledError();
  return exitCode;
}

}  // namespace cairn::plugins::local
