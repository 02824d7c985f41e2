#include "cli/interrupt.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cairn/base/assert.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace cairn::cli {

namespace {

// A signal handler has no other way to its object.
std::atomic<int> eventFd{-1};
std::atomic<bool> asked{false};

void onSignal(int) {
  if (asked.exchange(true)) _exit(130);  // plugins end with us: their parent-death signal is set
  const int errorBefore = errno;         // of the code that was interrupted
  uint64_t one = 1;
  [[maybe_unused]] ssize_t written = write(eventFd, &one, sizeof one);
  errno = errorBefore;
}

}  // namespace

Interrupt::Interrupt() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CAIRN_ASSERT(fd_ >= 0);
  eventFd = fd_;
  asked = false;
  struct sigaction action {};
  action.sa_handler = onSignal;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) sigaction(kSignals[i], &action, nullptr);
  }
  // A closed stdout is told by write(). A handler, not SIG_IGN, which the programs that we start would
  // inherit.
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  sigaction(SIGPIPE, &action, &pipeBefore_);
}

Interrupt::~Interrupt() {
  for (size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
  sigaction(SIGPIPE, &pipeBefore_, nullptr);
  eventFd = -1;
  close(fd_);
}

bool Interrupt::requested() const {
  return asked;
}

}  // namespace cairn::cli
