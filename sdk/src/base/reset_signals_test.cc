#include <cairn/base/reset_signals.h>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace cairn {
namespace {

bool isIgnored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t heldNow() {
  sigset_t out;
  ::sigprocmask(SIG_SETMASK, nullptr, &out);
  return out;
}

TEST(ResetSignals, AChildHasNothingOfWhatItsParentIgnoredOrHeldBack) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (int signal : {SIGINT, SIGPIPE, SIGUSR1, SIGTTOU}) ::signal(signal, SIG_IGN);
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    resetSignals({SIGTERM});
    const sigset_t held = heldNow();
    bool reset = ::sigismember(&held, SIGTERM) == 1;
    for (int signal : {SIGINT, SIGPIPE, SIGUSR1, SIGTTOU})
      reset = reset && !isIgnored(signal) && ::sigismember(&held, signal) == 0;
    ::_exit(reset ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace cairn
