#include "platform.h"

#include "test_support.h"

#include <signal.h>

#include <regex>

namespace cairn::plugins::local {
namespace {

namespace fs = std::filesystem;
using Health = cairn::wire::Status::Health;

class LocalPlatform : public LocalTest {
 protected:
  Owned<cairn::wire::Status> status(const Owned<wire::Deployment>& deployment) {
    return std::move(harness_.call(Op::STATUS).input(deployment).result<cairn::wire::Status>()).value();
  }
  bool nothingLeft() const {
    for (const auto& entry : harness_.record().resources)
      if (!entry.removed) return false;
    return !fs::exists(harness_.dataDir() / "apps") || fs::is_empty(harness_.dataDir() / "apps");
  }
  bool logged(const std::string& text) const {
    for (const LogEntry& entry : harness_.record().logLines)
      if (entry.text == text) return true;
    return false;
  }
  // Asks for the log until `isThere`: what an app has printed is in it a moment later.
  bool comesToLog(const Owned<wire::Deployment>& deployment, const LogRequest& request,
                  const std::function<bool()>& isThere) {
    return eventually([&] {
      harness_.forgetRecord();
      return harness_.call(Op::LOGS).input(deployment).logs(request).result<void>() && isThere();
    });
  }
};

TEST_F(LocalPlatform, AnswersOnItsOwnAddressOnceDeployed) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  EXPECT_EQ(get(deployment.reader().getUrl()).body, "hello 1\n");
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, ReturnsOnlyWhenTheHttpProbePasses) {
  auto settings = running({"./hello-server"});
  settings->getProbe().setPath("/missing");
  // At last long enough for the app to have answered.
  std::string told;
  for (std::uint32_t ms = 500; told.find("answered 404") == told.npos && ms < 60'000; ms *= 4) {
    settings->getProbe().setTimeoutMs(ms);
    const auto refused = deploy(settings);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "local/probe-failed");
    EXPECT_TRUE(nothingLeft());
    told = refused.error().message;
  }
  EXPECT_NE(told.find("answered 404"), std::string::npos) << told;
}

TEST_F(LocalPlatform, TellsTheExitCodeAndTheLogOfAnAppThatEnds) {
  const auto failed = deploy(runningScript("echo no config >&2; exit 3"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, "local/app-exited");
  EXPECT_NE(failed.error().message.find("exited with code 3"), std::string::npos) << failed.error().message;
  EXPECT_TRUE(logged("no config"));
  EXPECT_TRUE(nothingLeft());
}

TEST_F(LocalPlatform, SaysThatAProgramIsMissing) {
  const auto failed = deploy(running({"./no-such-server"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, "local/command-not-found");
  EXPECT_TRUE(nothingLeft());
}

TEST_F(LocalPlatform, NamesTheHolderOfAFixedPort) {
  const auto first = deploy(running({"./hello-server"})).value();
  auto settings = running({"./hello-server"});
  settings->setPort(first.reader().getPort());
  const auto refused = deploy(settings, 2);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "local/port-in-use");
  EXPECT_NE(refused.error().message.find("by web v1 of shop, workspace default (hello-server, pid "),
            std::string::npos)
      << refused.error().message;
  EXPECT_NE(refused.error().hint.find("cairn destroy --app web --workspace default"), std::string::npos)
      << refused.error().hint;
  EXPECT_TRUE(destroy(first));
  EXPECT_EQ(harness_.record().steps.back().title, "Stopping web v1");
  EXPECT_TRUE(nothingLeft());
}

TEST_F(LocalPlatform, GivesTheAppItsEnvironmentAndNothingElse) {
  auto settings = runningScript("env | sort; ./hello-server");
  auto env = settings->initEnv(1);
  env[0].setName("GREETING");
  env[0].setValue("two words");
  const auto deployment = deploy(settings).value();
  const std::string port = "PORT=" + std::to_string(deployment.reader().getPort());
  EXPECT_TRUE(comesToLog(deployment, {}, [&] { return logged("GREETING=two words") && logged(port); }));
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, AnAppThatDoesNotListenIsUpWhenItHasRunAWhile) {
  auto settings = runningScript("exec sleep 1000");
  settings->getProbe().setKind(wire::Probe::Kind::NONE);
  settings->getProbe().setSettleMs(50);
  const auto deployment = deploy(settings).value();
  EXPECT_EQ(deployment.reader().getUrl().size(), 0u);
  EXPECT_EQ(status(deployment).reader().getHealth(), Health::READY);
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, AnAppSettlesFromWhenItRunsAndNotFromWhenItWasAskedFor) {
  auto settings = runningScript("exec sleep 1000");
  settings->getProbe().setKind(wire::Probe::Kind::NONE);
  settings->getProbe().setSettleMs(0);
  const auto deployment = deploy(settings);
  ASSERT_TRUE(deployment) << deployment.error().message;
  EXPECT_TRUE(destroy(*deployment));
}

TEST_F(LocalPlatform, StartsAnAppAgainThatWasKilled) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  const std::string url = deployment.reader().getUrl();
  const int first = std::stoi(get(url, "/pid").body);
  ::kill(first, SIGKILL);
  EXPECT_TRUE(eventually([&] {
    const HttpAnswer answer = get(url, "/pid");
    return answer.status == 200 && std::stoi(answer.body) != first;
  }));
  EXPECT_NE(std::string(status(deployment).reader().getMessage()).find("started again 1 time"),
            std::string::npos);
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, IsDownWhenItsSupervisorIsGone) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  for (const auto& entry : harness_.record().resources)
    if (entry.resource.kind == "service") ::kill(std::stoi(entry.resource.id), SIGKILL);
  EXPECT_TRUE(eventually([&] { return status(deployment).reader().getHealth() == Health::DOWN; }));
  EXPECT_NE(std::string(status(deployment).reader().getMessage()).find("cairn up"), std::string::npos);
  EXPECT_TRUE(destroy(deployment));
  EXPECT_TRUE(nothingLeft());
}

TEST_F(LocalPlatform, DestroysTwiceAndLeavesNothing) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  EXPECT_TRUE(destroy(deployment));
  EXPECT_TRUE(destroy(deployment));
  EXPECT_EQ(get(deployment.reader().getUrl()).status, 0);
  EXPECT_EQ(status(deployment).reader().getHealth(), Health::GONE);
  EXPECT_TRUE(nothingLeft());
}

TEST_F(LocalPlatform, DestroysFromTheJournalAloneAfterACrash) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  EXPECT_TRUE(harness_.call(Op::DESTROY).emptyInput().journal(journalOf(1)).result<void>());
  EXPECT_EQ(get(deployment.reader().getUrl()).status, 0);
  EXPECT_TRUE(nothingLeft());
}

TEST_F(LocalPlatform, ACancelledDeployLeavesNothing) {
  auto settings = runningScript("echo started; exec sleep 1000");
  auto call = harness_.call(Op::DEPLOY)
                  .settings(settings)
                  .input(filesValue())
                  .input(config(1))
                  .journal(journalOf(1))
                  .start();
  ASSERT_TRUE(eventually([&] { return fs::exists(harness_.dataDir() / "apps/abc1/app.log"); }));
  call.cancel();
  const auto answer = call.result<wire::Deployment>();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::Cancelled);
  EXPECT_TRUE(nothingLeft());
}

TEST_F(LocalPlatform, ExecGivesTheExitCodeAndTheAppsEnvironment) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  const auto code = harness_.call(Op::EXEC)
                        .input(deployment)
                        .arguments({"sh", "-c", "cat; echo $PORT >&2; exit 7"})
                        .standardInput({"from ", "the user"})
                        .result<int>();
  EXPECT_EQ(code.value(), 7);
  EXPECT_EQ(harness_.record().out, "from the user");
  EXPECT_EQ(harness_.record().err, std::to_string(deployment.reader().getPort()) + "\n");
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, ExecEndsWithItsCommandThoughTheUsersInputStaysOpen) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  EXPECT_EQ(
      harness_.call(Op::EXEC).input(deployment).arguments({"true"}).keepInputOpen().result<int>().value(), 0);
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, ExecFromATerminalGivesTheCommandOneOfThatSize) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  const auto code = harness_.call(Op::EXEC)
                        .input(deployment)
                        .arguments({"sh", "-c", "tty; stty size; exit 7"})
                        .tty({.columns = 91, .rows = 33})
                        .keepInputOpen()
                        .result<int>();
  EXPECT_EQ(code.value(), 7);
  EXPECT_TRUE(std::regex_match(harness_.record().out, std::regex("/dev/pts/\\d+\r\n33 91\r\n")))
      << harness_.record().out;
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, ExecFromATerminalHasTheUsersTermAndFollowsItsSize) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  const auto code =
      harness_.call(Op::EXEC)
          .input(deployment)
          .arguments({"sh", "-c", "echo $TERM; until [ \"$(stty size)\" = '50 120' ]; do sleep 0.02; done"})
          .tty({.columns = 91, .rows = 33, .term = "screen-256color"})
          .resizedTo({.columns = 100, .rows = 40})
          .resizedTo({.columns = 120, .rows = 50})
          .deadline(std::chrono::minutes(1))
          .keepInputOpen()
          .result<int>();
  EXPECT_EQ(code.value(), 0);
  EXPECT_EQ(harness_.record().out, "screen-256color\r\n");
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, WhatIsTypedInAnExecIsEchoedAndEndsWithTheInput) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  const auto code = harness_.call(Op::EXEC)
                        .input(deployment)
                        .arguments({"cat"})
                        .tty({.columns = 80, .rows = 24})
                        .standardInput({"hel", "lo\n"})
                        .result<int>();
  EXPECT_EQ(code.value(), 0);
  EXPECT_EQ(harness_.record().out, "hello\r\nhello\r\n");
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, ACancelledExecHangsUpOnAShellThatCanNotBeAskedToEnd) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  auto call = harness_.call(Op::EXEC)
                  .input(deployment)
                  .arguments({"sh", "-c", "trap '' TERM; echo $$; exec sleep 1000"})
                  .tty({.columns = 80, .rows = 24})
                  .keepInputOpen()
                  .start();
  ASSERT_TRUE(eventually([&] { return harness_.record().out.ends_with('\n'); }));
  const pid_t shell = std::stoi(harness_.record().out);
  call.cancel();
  EXPECT_EQ(call.result<int>().error().kind, ErrorKind::Cancelled);
  EXPECT_TRUE(eventually([&] { return ::kill(shell, 0) != 0; }));
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, ExecOnWhatDoesNotRunSaysSo) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  EXPECT_TRUE(destroy(deployment));
  const auto code = harness_.call(Op::EXEC).input(deployment).arguments({"true"}).result<int>();
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().code, "local/not-running");
}

TEST_F(LocalPlatform, GivesTheLastLinesOfTheLog) {
  const auto deployment = deploy(runningScript("seq 1 5; ./hello-server")).value();
  const std::string listening = "listening on 127.0.0.1:" + std::to_string(deployment.reader().getPort());
  EXPECT_TRUE(comesToLog(deployment, {.tail = 2}, [&] { return logged(listening); }));
  std::vector<std::string> texts;
  for (const LogEntry& entry : harness_.record().logLines)
    texts.push_back(entry.instance + ": " + entry.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"web v1: 5", "web v1: " + listening}));
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, GivesNoLineOlderThanAsked) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  const auto later = std::chrono::duration_cast<std::chrono::milliseconds>(
      (std::chrono::system_clock::now() + std::chrono::hours(1)).time_since_epoch());
  ASSERT_TRUE(harness_.call(Op::LOGS).input(deployment).logs({.since = later}).result<void>());
  EXPECT_TRUE(harness_.record().logLines.empty());
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, FollowsTheLogUntilCancelled) {
  const auto deployment = deploy(running({"./hello-server"})).value();
  auto call = harness_.call(Op::LOGS).input(deployment).logs({.follow = true}).start();
  get(deployment.reader().getUrl(), "/later");
  EXPECT_TRUE(eventually([&] { return logged("GET /later"); }));
  EXPECT_FALSE(call.finished());
  call.cancel();
  EXPECT_EQ(call.result<void>().error().kind, ErrorKind::Cancelled);
  EXPECT_TRUE(destroy(deployment));
}

TEST_F(LocalPlatform, ChecksBeforeAnythingActs) {
  auto settings = running({"no-such-program"});
  settings->setDir("../elsewhere");
  settings->getProbe().setPath("health");
  std::vector<std::string> at;
  for (const Error& error : harness_.check(Kind::PLATFORM).settings(settings).errors())
    at.push_back(error.settingPath);
  EXPECT_EQ(at, (std::vector<std::string>{"command", "dir", "probe.path"}));
}

}  // namespace
}  // namespace cairn::plugins::local
