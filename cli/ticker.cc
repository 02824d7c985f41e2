#include "cli/ticker.h"

#include <chrono>
#include <csignal>

namespace cairn::cli {

namespace {
constexpr std::chrono::milliseconds kFrame{100};
}  // namespace

Ticker::~Ticker() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Ticker::event(wire::Event::Reader event) {
  if (output_.isLive() && !thread_.joinable()) {
    // Signals belong to the thread that works, which may be waiting for one.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { turn(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  output_.event(event);
}

void Ticker::turn() {
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_for(lock, kFrame, [this] { return stop_; })) output_.tick();
}

}  // namespace cairn::cli
