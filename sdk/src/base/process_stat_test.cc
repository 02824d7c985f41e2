#include <cairn/base/process_stat.h>

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>

namespace cairn {
namespace {

TEST(ProcessStat, CountsFromTheLastParenthesisOfTheName) {
  const auto stat =
      parseProcessStat("71 (a) Z 1 (b) S 12 34 56 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654321012 9 9\n");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->state, 'S');
  EXPECT_EQ(stat->parent, 12);
  EXPECT_EQ(stat->session, 56);
  EXPECT_EQ(stat->startTime, 987654321012u);
}

TEST(ProcessStat, WhatIsNotWholeTellsNothing) {
  EXPECT_FALSE(parseProcessStat(""));
  EXPECT_FALSE(parseProcessStat("71 (a) S 12 34 56 0"));
}

TEST(ProcessStat, OfOurselvesIsWhatTheSystemSays) {
  const auto stat = processStat(::getpid());
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->parent, ::getppid());
  EXPECT_EQ(stat->session, ::getsid(0));
  EXPECT_GT(stat->startTime, 0u);
  EXPECT_FALSE(stat->hasEnded());
}

TEST(ProcessStat, AZombieIsThereButHasEnded) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  siginfo_t ended{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
  const auto stat = processStat(child);
  ASSERT_TRUE(stat);
  EXPECT_TRUE(stat->hasEnded());
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(processStat(child));
}

}  // namespace
}  // namespace cairn
