#include "cli/resize_watch.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cairn/base/assert.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

namespace cairn::cli {

namespace {

// A signal handler has no other way to its object.
std::atomic<int> eventFd{-1};

void onResize(int) {
  const int before = errno;
  uint64_t one = 1;
  [[maybe_unused]] ssize_t written = write(eventFd, &one, sizeof one);
  errno = before;
}

}  // namespace

ResizeWatch::ResizeWatch() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CAIRN_ASSERT(fd_ >= 0);
  eventFd = fd_;
  struct sigaction action {};
  action.sa_handler = onResize;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGWINCH, &action, nullptr);
}

ResizeWatch::~ResizeWatch() {
  std::signal(SIGWINCH, SIG_DFL);
  eventFd = -1;
  close(fd_);
}

}  // namespace cairn::cli
