#pragma once
// Signals of a program that is about to be started.

#include <signal.h>

#include <initializer_list>

namespace cairn {

// Every signal does what it does by default, and only those of `held` wait. For the child between fork and
// exec, which inherits what its parent ignores and holds back: only calls that are safe there.
inline void resetSignals(std::initializer_list<int> held = {}) {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t mask;
  ::sigemptyset(&mask);
  for (int signal : held) ::sigaddset(&mask, signal);
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
}

}  // namespace cairn
