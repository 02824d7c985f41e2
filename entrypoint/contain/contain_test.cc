// The real cairn-contain with shell scripts.

#include "entrypoint/testing/programs.h"

#include <gtest/gtest.h>

#include <signal.h>

#include <string>

namespace cairn::entrypoint {
namespace {

using testing::alive;
using testing::Child;
using testing::eventually;
using testing::runProgram;

const std::string kProgram = CAIRN_BUILD_ROOT "/libexec/cairn/cairn-contain";

std::vector<std::string> contained(const std::string& script) {
  return {kProgram, "/bin/sh", "-c", script};
}

TEST(Contain, EndsWithTheExitCodeOfItsCommand) {
  EXPECT_EQ(runProgram(contained("exit 3")).code, 3);
}

TEST(Contain, EndsByTheSignalThatEndedItsCommand) {
  Child child(contained("kill -USR1 $$"));
  EXPECT_EQ(child.wait(), 128 + SIGUSR1);
}

TEST(Contain, PassesItsStreams) {
  EXPECT_EQ(runProgram(contained("echo one")).output, "one\n");
}

TEST(Contain, WhatLeftTheGroupLivesOnAfterAGoodEnd) {
  Child child(contained("left=$(setsid sh -c 'echo $$; exec sleep 600 >/dev/null' &); echo $left"));
  const pid_t daemon = std::stoi(child.readLine());
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(alive(daemon));
  ::kill(daemon, SIGKILL);
}

TEST(Contain, WhatIsLeftOfTheGroupEndsWithTheCommand) {
  Child child(contained("sleep 600 & echo $!"));
  const pid_t left = std::stoi(child.readLine());
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(eventually([&] { return !alive(left); }));
}

TEST(Contain, TermEndsAlsoADaemonThatLeftTheGroupAndLostItsParents) {
  Child child(
      contained("(setsid sh -c '(setsid sh -c \"echo \\$\\$; exec sleep 600\" &)' &); exec sleep 600"));
  const pid_t daemon = std::stoi(child.readLine());
  child.signal(SIGTERM);
  child.wait();
  EXPECT_TRUE(eventually([&] { return !alive(daemon); }));
}

TEST(Contain, AKilledContainerTakesItsCommandWithIt) {
  Child child(contained("echo $$; exec sleep 600"));
  const pid_t command = std::stoi(child.readLine());
  child.signal(SIGKILL);
  child.wait();
  EXPECT_TRUE(eventually([&] { return !alive(command); }));
}

}  // namespace
}  // namespace cairn::entrypoint
