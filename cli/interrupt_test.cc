#include "cli/interrupt.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace cairn::cli {
namespace {

using Handler = void (*)(int);

Handler handlerOf(int signal) {
  struct sigaction now {};
  sigaction(signal, nullptr, &now);
  return now.sa_handler;
}

TEST(Interrupt, LeavesASignalIgnoredThatWasSoBefore) {
  std::signal(SIGHUP, SIG_IGN);  // as nohup does
  {
    Interrupt interrupt;
    raise(SIGHUP);
    EXPECT_FALSE(interrupt.requested());
    raise(SIGTERM);
    EXPECT_TRUE(interrupt.requested());
  }
  EXPECT_EQ(handlerOf(SIGHUP), SIG_IGN);
  std::signal(SIGHUP, SIG_DFL);
}

TEST(Interrupt, PutsBackWhatWasThereBefore) {
  const Handler own = [](int) {};
  std::signal(SIGINT, own);
  std::signal(SIGPIPE, own);
  { Interrupt interrupt; }
  EXPECT_EQ(handlerOf(SIGINT), own);
  EXPECT_EQ(handlerOf(SIGPIPE), own);
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGPIPE, SIG_DFL);
}

TEST(Interrupt, KeepsTheErrorOfTheCodeThatItInterrupts) {
  Interrupt interrupt;
  const uint64_t most = UINT64_MAX - 1;  // so that the handler's own write fails
  ASSERT_EQ(write(interrupt.fd(), &most, sizeof most), ssize_t{sizeof most});
  errno = ENOENT;
  raise(SIGTERM);
  EXPECT_EQ(errno, ENOENT);
}

}  // namespace
}  // namespace cairn::cli
