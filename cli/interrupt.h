#pragma once
// Ctrl-C, SIGTERM and SIGHUP: the first asks the work to stop, a second ends the program at once.

namespace cairn::cli {

// One for the program, made by main() before any thread and any other process is started.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // True once somebody has asked; never false again.
  bool requested() const;
  // Becomes readable, and stays so, when somebody asks: for an event loop to watch. Don't read from it.
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace cairn::cli
