#include "host/store/recovery.h"

#include "host/store/store_fixture.h"

#include <signal.h>

namespace cairn::host {
namespace {

using wire::RecordKind;
using State = wire::Record::State;

class RecoveryTest : public testing::Test {
 protected:
  // A run that begins a deployment, intends two things, makes the first and is killed by -9.
  std::string killInTheMiddle() {
    int ready[2];
    KJ_SYSCALL(pipe(ready));
    pid_t pid = startProcess([&]() {
      TestStore shop(folder.path);
      host::Run run = shop.beginRun();
      std::string record = shop.begin(RecordKind::DEPLOYMENT, "web", run.id)->getId().cStr();
      uint64_t network =
          shop.get(shop.store->intendResource(record, "network", "shop-web", {.name = "docker"}));
      shop.get(shop.store->resourceCreated(network, "n1", ""));
      shop.get(shop.store->intendResource(record, "container", "shop-web-1", {.name = "docker"}));
      (void)!write(ready[1], record.data(), record.size());
      pause();
      return 0;
    });
    char id[36] = {};
    KJ_ASSERT(read(ready[0], id, sizeof(id)) == sizeof(id));
    kill(pid, SIGKILL);
    waitFor(pid);
    close(ready[0]);
    close(ready[1]);
    return std::string(id, sizeof(id));
  }

  TemporaryFolder folder;
};

TEST_F(RecoveryTest, KilledBetweenIntentAndResultItSaysWhatMayExist) {
  std::string id = killInTheMiddle();
  TestStore shop(folder.path);
  auto resources = shop.get(shop.store->resources({.recordId = id}));
  ASSERT_EQ(2u, resources.size());
  EXPECT_EQ("n1", resources[0].id);
  EXPECT_EQ("", resources[1].id);
  auto recovered = shop.get(shop.store->recoverInterrupted("shop"));
  ASSERT_EQ(1u, recovered.size());
  EXPECT_EQ(State::INTERRUPTED, recovered[0]->getState());
  std::string text(recovered[0]->getStateText());
  EXPECT_NE(std::string::npos, text.find("network shop-web, container shop-web-1 (may exist)")) << text;
  EXPECT_NE(std::string::npos, text.find("`cairn up`")) << text;
}

TEST_F(RecoveryTest, ARunWhoseProcessIsGoneIsToldAsInterrupted) {
  killInTheMiddle();
  TestStore shop(folder.path);
  EXPECT_EQ(RunOutcome::Interrupted, shop.get(shop.store->runs("shop", 1)).at(0).outcome);
}

TEST_F(RecoveryTest, RecoveringTwiceFindsNothingMore) {
  killInTheMiddle();
  TestStore shop(folder.path);
  shop.get(shop.store->recoverInterrupted("shop"));
  EXPECT_TRUE(shop.get(shop.store->recoverInterrupted("shop")).empty());
}

TEST_F(RecoveryTest, ALivingRunIsLeftAlone) {
  TestStore shop(folder.path);
  host::Run run = shop.beginRun();
  shop.begin(RecordKind::BUILD, "web", run.id);
  EXPECT_TRUE(shop.get(shop.store->recoverInterrupted("")).empty());
}

TEST_F(RecoveryTest, ARecordCountsByTheRunThatDestroysIt) {
  TestStore shop(folder.path);
  host::Run maker = shop.beginRun();
  StoredRecord record = shop.begin(RecordKind::DEPLOYMENT, "web", maker.id);
  shop.setState(record, State::DONE, maker.id);
  shop.get(shop.store->finishRun(maker.id, RunOutcome::Done));
  host::Run destroyer = shop.beginRun();
  shop.setState(record, State::DESTROYING, destroyer.id);
  EXPECT_TRUE(shop.get(shop.store->recoverInterrupted("shop")).empty());
  shop.get(shop.store->finishRun(destroyer.id, RunOutcome::Failed));
  EXPECT_EQ(1u, shop.get(shop.store->recoverInterrupted("shop")).size());
}

TEST_F(RecoveryTest, ARunInAnotherContainerGoesOnWhileItHoldsItsLock) {
  TestStore shop(folder.path);
  Actor elsewhere = currentActor("cairn up");
  elsewhere.process.pidNamespace = "pid:[1]";
  host::Run run = shop.beginRun(elsewhere);
  shop.begin(RecordKind::BUILD, "web", run.id);
  {
    auto lock = AppLock::tryTake(folder.path + "/locks", {"shop", "web", "prod"}, elsewhere, shop.clock);
    EXPECT_TRUE(shop.get(shop.store->recoverInterrupted("shop")).empty());
  }
  EXPECT_EQ(1u, shop.get(shop.store->recoverInterrupted("shop")).size());
}

}  // namespace
}  // namespace cairn::host
