#pragma once
// Ctrl-C, SIGTERM and SIGHUP: the first asks the work to stop, a second ends the program at once. One that
// was ignored when the program began, as nohup and a shell's & do it, stays so.

#include <array>
#include <csignal>

namespace cairn::cli {

// One for the program, made by main() before any thread and any other process is started.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();  // signals are as before
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // True once somebody has asked; never false again.
  bool requested() const;
  // Becomes readable, and stays so, when somebody asks: for an event loop to watch. Don't read from it.
  int fd() const { return fd_; }

 private:
  static constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};

  int fd_;
  std::array<struct sigaction, kSignals.size()> before_{};
  struct sigaction pipeBefore_ {};
};

}  // namespace cairn::cli
