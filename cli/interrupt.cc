#include "cli/interrupt.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cairn/base/assert.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>

namespace cairn::cli {

namespace {

constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};

// A signal handler has no other way to its object.
std::atomic<int> eventFd{-1};
std::atomic<bool> asked{false};

void onSignal(int) {
  if (asked.exchange(true)) _exit(130);  // plugins end with us: their parent-death signal is set
  uint64_t one = 1;
  [[maybe_unused]] ssize_t written = write(eventFd, &one, sizeof one);
}

}  // namespace

Interrupt::Interrupt() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CAIRN_ASSERT(fd_ >= 0);
  eventFd = fd_;
  asked = false;
  struct sigaction action {};
  action.sa_handler = onSignal;
  sigemptyset(&action.sa_mask);
  for (int signal : kSignals) sigaction(signal, &action, nullptr);
  // A closed stdout is told by write(). A handler, not SIG_IGN, which the programs that we start would
  // inherit.
  std::signal(SIGPIPE, [](int) {});
}

Interrupt::~Interrupt() {
  for (int signal : kSignals) std::signal(signal, SIG_DFL);
  eventFd = -1;
  close(fd_);
}

bool Interrupt::requested() const {
  return asked;
}

}  // namespace cairn::cli
