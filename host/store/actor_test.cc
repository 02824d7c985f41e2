#include "host/store/actor.h"

#include "host/store/store_fixture.h"

#include <vector>

namespace cairn::host {
namespace {

TEST(Actor, ThisProcessIsAlive) {
  EXPECT_EQ(Liveness::Alive, livenessOf(currentActor("cairn up")));
}

TEST(Actor, AnEndedProcessIsGone) {
  pid_t pid = startProcess([]() { return 0; });
  Actor actor = currentActor("cairn up");
  actor.process.pid = pid;
  waitFor(pid);
  EXPECT_EQ(Liveness::Gone, livenessOf(actor));
}

TEST(Actor, AnotherProcessWithTheSamePidIsNotTakenForIt) {
  Actor actor = currentActor("cairn up");
  --actor.process.startTime;
  EXPECT_EQ(Liveness::Gone, livenessOf(actor));
}

TEST(Actor, NothingOfAnEarlierBootIsAlive) {
  Actor actor = currentActor("cairn up");
  actor.process.bootId = "00000000-0000-0000-0000-000000000000";
  EXPECT_EQ(Liveness::Gone, livenessOf(actor));
}

TEST(Actor, AnotherPidNamespaceCanNotBeLookedInto) {
  Actor actor = currentActor("cairn up");
  actor.process.pidNamespace = "pid:[1]";
  EXPECT_EQ(Liveness::Unknown, livenessOf(actor));
}

TEST(Actor, PublicCommandHidesValuesThatMayBeSecret) {
  std::vector<std::string> arguments = {"cairn",   "up",     "--var", "token=s3cret", "--var=key=s3cret",
                                        "--token", "s3cret", "web"};
  EXPECT_EQ("cairn up --var token=*** --var=key=*** --token *** web",
            publicCommand(arguments, std::vector<std::string>{"--token"}));
}

TEST(Actor, PublicCommandHidesWhatIsHandedToTheApp) {
  std::vector<std::string> arguments = {"cairn", "exec", "web", "--", "psql", "postgres://user:s3cret@db"};
  EXPECT_EQ("cairn exec web -- ***", publicCommand(arguments));
}

}  // namespace
}  // namespace cairn::host
