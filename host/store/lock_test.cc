#include "host/store/lock.h"

#include "host/store/store_fixture.h"

#include <signal.h>

namespace cairn::host {
namespace {

const AppScope kWeb{"shop", "web", "prod"};

class AppLockTest : public testing::Test {
 protected:
  Result<AppLock> take(const AppScope& scope) {
    return AppLock::tryTake(folder.path + "/locks", scope, currentActor("cairn up"), clock);
  }

  TemporaryFolder folder;
  HandClock clock;
};

TEST_F(AppLockTest, HeldByAnotherProcessIsRefusedWithWhoHoldsIt) {
  int ready[2], done[2];
  ASSERT_EQ(0, pipe(ready));
  ASSERT_EQ(0, pipe(done));
  pid_t holder = startProcess([&]() {
    auto lock = AppLock::tryTake(folder.path + "/locks", kWeb, currentActor("cairn deploy"), clock);
    char byte = lock ? 'y' : 'n';
    close(done[1]);
    return write(ready[1], &byte, 1) == 1 && read(done[0], &byte, 1) == 0 ? 0 : 1;
  });
  close(done[0]);
  char held = 0;
  ASSERT_EQ(1, read(ready[0], &held, 1));
  clock.ms += 300'000;
  auto refused = take(kWeb);
  close(done[1]);
  EXPECT_EQ(0, waitFor(holder));
  ASSERT_FALSE(refused);
  EXPECT_EQ("app-locked", refused.error().code);
  EXPECT_EQ(ErrorKind::Refused, refused.error().kind);
  for (std::string part :
       {"pid " + std::to_string(holder), std::string("`cairn deploy`"), std::string("5 min")}) {
    EXPECT_NE(std::string::npos, refused.error().message.find(part)) << refused.error().message;
  }
  close(ready[0]);
  close(ready[1]);
}

TEST_F(AppLockTest, GoesWithAKilledProcess) {
  int ready[2];
  ASSERT_EQ(0, pipe(ready));
  pid_t holder = startProcess([&]() {
    auto lock = AppLock::tryTake(folder.path + "/locks", kWeb, currentActor("cairn up"), clock);
    (void)!write(ready[1], "y", 1);
    pause();
    return lock ? 0 : 1;
  });
  char byte;
  ASSERT_EQ(1, read(ready[0], &byte, 1));
  EXPECT_TRUE(AppLock::isHeld(folder.path + "/locks", kWeb));
  kill(holder, SIGKILL);
  waitFor(holder);
  EXPECT_TRUE(take(kWeb));
  close(ready[0]);
  close(ready[1]);
}

TEST_F(AppLockTest, OneProcessCanNotTakeItTwice) {
  auto first = take(kWeb);
  EXPECT_TRUE(first);
  EXPECT_FALSE(take(kWeb));
}

TEST_F(AppLockTest, AskingWhetherItIsHeldDoesNotTakeIt) {
  { auto lock = take(kWeb); }
  EXPECT_FALSE(AppLock::isHeld(folder.path + "/locks", kWeb));
  EXPECT_TRUE(take(kWeb));
}

TEST_F(AppLockTest, NamesThatAreNoFileNamesAreToldApart) {
  auto slash = take({"shop", "a/b", "prod"});
  auto plus = take({"shop", "a+b", "prod"});
  auto longName = take({std::string(300, 'p'), "web", "prod"});
  EXPECT_TRUE(slash);
  EXPECT_TRUE(plus);
  EXPECT_TRUE(longName);
}

}  // namespace
}  // namespace cairn::host
