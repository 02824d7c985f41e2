// The real cairn-supervise with real apps: shell scripts.

#include "entrypoint/control_client.h"
#include "entrypoint/descriptor.h"
#include "entrypoint/supervise/backoff.h"
#include "entrypoint/testing/programs.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>
#include <regex>

namespace cairn::entrypoint {
namespace {

using testing::alive;
using testing::Child;
using testing::contentOf;
using testing::eventually;
using testing::runProgram;
using testing::TempFolder;
using namespace std::chrono_literals;

const std::string kProgram = CAIRN_BUILD_ROOT "/libexec/cairn/cairn-supervise";

class Supervise : public ::testing::Test {
 protected:
  void start(const std::string& script, std::vector<std::string> options = {},
             const std::string& onFd9 = {}) {
    std::vector<std::string> argv = {kProgram, "--name",       "web",       "--state", stateFile,
                                     "--log",  folder / "log", "--control", control};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.insert(argv.end(), {"--", "/bin/sh", "-c", script});
    child = std::make_unique<Child>(argv, onFd9);
  }

  FlatJson state() const { return FlatJson::parse(contentOf(stateFile)).value_or(FlatJson()); }
  bool isIn(const std::string& name) const {
    return eventually([&] { return state().findText("state") == name; });
  }
  bool logHas(const std::string& pattern) const {
    return eventually([&] { return std::regex_search(contentOf(folder / "log"), std::regex(pattern)); });
  }
  // The process whose id the app has written to `name`.
  pid_t processIn(const std::string& name) const {
    eventually([&] { return contentOf(folder / name).ends_with('\n'); });
    return std::atoi(contentOf(folder / name).c_str());
  }
  testing::Outcome ask(const std::string& command, std::vector<std::string> rest = {}) const {
    std::vector<std::string> argv = {kProgram, command, "--control", control};
    argv.insert(argv.end(), rest.begin(), rest.end());
    return runProgram(argv);
  }

  TempFolder folder;
  std::string stateFile = folder / "state.json";
  std::string control = folder / "control";
  std::unique_ptr<Child> child;
};

TEST_F(Supervise, KeepsBothStreamsAsLinesWithTimes) {
  start("echo hello; echo oops >&2; exec sleep 100");
  EXPECT_TRUE(logHas(R"((^|\n)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z out hello\n)"));
  EXPECT_TRUE(logHas(R"((^|\n)\S+Z err oops\n)"));
}

TEST_F(Supervise, TheStateNamesTheRunningApp) {
  start("exec sleep 100");
  ASSERT_TRUE(isIn("running"));
  EXPECT_TRUE(alive(static_cast<pid_t>(state().findNumber("child").value_or(0))));
  EXPECT_EQ(state().findNumber("pid"), child->pid());
}

TEST_F(Supervise, StatusAnswersWhatTheStateFileHolds) {
  start("exec sleep 100");
  ASSERT_TRUE(isIn("running"));
  const auto answer = FlatJson::parse(ask("status").output);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->findNumber("child"), state().findNumber("child"));
}

TEST_F(Supervise, TheControlSocketIsForItsOwnerAlone) {
  start("exec sleep 100");
  ASSERT_TRUE(isIn("running"));
  struct stat found;
  ASSERT_EQ(::stat(control.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(Supervise, StartsAgainWhatFails) {
  start("echo run; exit 3", {"--backoff-max", "0.01"});
  ASSERT_TRUE(eventually([&] { return state().findNumber("restarts").value_or(0) >= 3; }));
  EXPECT_EQ(state().findNumber("exitCode"), 3);
  EXPECT_TRUE(logHas("err cairn-supervise: exited with code 3 after .* starting it again"));
}

TEST(Backoff, DoublesUpToItsMaximum) {
  Backoff backoff(500ms);
  EXPECT_EQ(backoff.next(0ms), 200ms);
  EXPECT_EQ(backoff.next(0ms), 400ms);
  EXPECT_EQ(backoff.next(0ms), 500ms);
  EXPECT_EQ(backoff.next(0ms), 500ms);
}

TEST(Backoff, BeginsAnewAfterAStableRun) {
  Backoff backoff(60s);
  for (int i = 0; i < 5; ++i) (void)backoff.next(0ms);
  EXPECT_EQ(backoff.next(Backoff::kStable), 200ms);
}

TEST_F(Supervise, WaitsInBackoffWithoutAChild) {
  start("exit 1", {"--backoff-max", "100"});
  ASSERT_TRUE(isIn("backoff"));
  EXPECT_FALSE(state().findNumber("child"));
}

TEST_F(Supervise, NeverRestartingItEndsAsTheAppDid) {
  start("exit 9", {"--restart", "never"});
  EXPECT_EQ(child->wait(), 9);
  EXPECT_EQ(state().findText("state"), "failed");
}

TEST_F(Supervise, OnFailureAGoodEndIsTheEnd) {
  start("exit 0", {"--restart", "on-failure"});
  EXPECT_EQ(child->wait(), 0);
  EXPECT_EQ(state().findText("state"), "stopped");
}

TEST_F(Supervise, ASignalThatEndedTheAppIsRecorded) {
  start("kill -9 $$", {"--restart", "never"});
  EXPECT_EQ(child->wait(), 137);
  EXPECT_EQ(state().findNumber("signal"), 9);
}

TEST_F(Supervise, ACommandThatIsNotThereIsSaidInTheLog) {
  child = std::make_unique<Child>(std::vector<std::string>{kProgram, "--name", "web", "--state", stateFile,
                                                           "--log", folder / "log", "--control", control,
                                                           "--restart", "never", "--", "./no-such-thing"});
  EXPECT_EQ(child->wait(), 127);
  EXPECT_TRUE(logHas("err cairn-supervise: can't run ./no-such-thing: No such file or directory"));
}

TEST_F(Supervise, StopEndsTheWholeGroup) {
  start("sleep 100 & echo $! > " + folder / "worker" + "; wait");
  const pid_t worker = processIn("worker");
  ASSERT_TRUE(alive(worker));
  EXPECT_EQ(ask("stop").code, 0);
  EXPECT_FALSE(alive(worker));
}

TEST_F(Supervise, StopReachesADaemonThatLeftTheGroup) {
  start("setsid sh -c 'echo $$ > " + folder / "daemon" + "; exec sleep 100' & exec sleep 100");
  const pid_t daemon = processIn("daemon");
  ASSERT_TRUE(alive(daemon));
  EXPECT_EQ(ask("stop").code, 0);
  EXPECT_FALSE(alive(daemon));
}

TEST_F(Supervise, StopAsksADaemonThatLeftTheGroupOnceItsParentHasEnded) {
  start("setsid sh -c 'trap \"echo yes > " + folder / "asked" + "; exit\" TERM; echo $$ > " +
            folder / "daemon" +
            "; while :; do sleep 0.02; done' & trap 'sleep 0.2; exit' TERM; echo ready; "
            "while :; do sleep 0.02; done",
        {"--grace", "20"});
  const pid_t daemon = processIn("daemon");
  ASSERT_TRUE(logHas("out ready"));
  EXPECT_EQ(ask("stop").code, 0);
  EXPECT_FALSE(alive(daemon));
  EXPECT_EQ(contentOf(folder / "asked"), "yes\n");
}

TEST_F(Supervise, ACrashLeavesNoWorkerBehind) {
  start("sleep 100 & echo $! > " + folder / "worker" + "; exit 1", {"--backoff-max", "100"});
  const pid_t worker = processIn("worker");
  EXPECT_TRUE(eventually([&] { return !alive(worker); }));
}

TEST_F(Supervise, AnAppThatIgnoresTheSignalIsKilledAfterTheGraceTime) {
  start("trap '' TERM; echo ready; while :; do sleep 0.05; done", {"--grace", "0.2"});
  ASSERT_TRUE(logHas("out ready"));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(ask("stop").code, 0);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 200ms);
  EXPECT_EQ(state().findNumber("signal"), SIGKILL);
}

TEST_F(Supervise, StopAnswersTheLastStateAndTheSupervisorEnds) {
  start("trap 'echo bye; exit 4' TERM; echo ready; while :; do sleep 0.05; done");
  ASSERT_TRUE(logHas("out ready"));
  const auto answer = FlatJson::parse(ask("stop").output);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->findText("state"), "stopped");
  EXPECT_EQ(answer->findNumber("exitCode"), 4);
  EXPECT_EQ(child->wait(), 0);
  EXPECT_TRUE(logHas("out bye"));
}

TEST_F(Supervise, TheSignalTermIsAStop) {
  start("exec sleep 100");
  ASSERT_TRUE(isIn("running"));
  child->signal(SIGTERM);
  EXPECT_EQ(child->wait(), 0);
  EXPECT_EQ(state().findText("state"), "stopped");
}

TEST_F(Supervise, AKilledSupervisorTakesTheAppWithIt) {
  start("exec sleep 100");
  ASSERT_TRUE(isIn("running"));
  const auto app = static_cast<pid_t>(state().findNumber("child").value_or(0));
  child->signal(SIGKILL);
  EXPECT_TRUE(eventually([&] { return !alive(app); }));
}

TEST_F(Supervise, ASecondOneAtTheSameSocketIsRefused) {
  start("exec sleep 100");
  ASSERT_TRUE(isIn("running"));
  EXPECT_EQ(runProgram({kProgram, "--name", "web", "--state", folder / "s2", "--log", folder / "l2",
                        "--control", control, "--", "true"})
                .code,
            1);
}

TEST_F(Supervise, TheEnvironmentComesFromADescriptor) {
  start("echo $TOKEN-$HOME; exec sleep 100", {"--env-fd", "9"}, std::string("TOKEN=s3\0PATH=/bin\0", 19));
  EXPECT_TRUE(logHas("out s3-\n"));
}

TEST_F(Supervise, TheEnvironmentIsInNoCommandLineAndNoFile) {
  start("exec sleep 100", {"--env-fd", "9"}, std::string("TOKEN=s3cret\0PATH=/bin\0", 23));
  ASSERT_TRUE(isIn("running"));
  EXPECT_EQ(contentOf("/proc/" + std::to_string(child->pid()) + "/cmdline").find("s3cret"),
            std::string::npos);
  EXPECT_EQ((contentOf(stateFile) + contentOf(folder / "log")).find("s3cret"), std::string::npos);
}

TEST_F(Supervise, TheAppRunsInItsFolder) {
  start("pwd; exec sleep 100", {"--cwd", "/usr/bin"});
  EXPECT_TRUE(logHas("out /usr/bin\n"));
}

TEST_F(Supervise, ExecEndsAsTheCommandDid) {
  start("exec sleep 100");
  ASSERT_TRUE(isIn("running"));
  EXPECT_EQ(ask("exec", {"--", "/bin/sh", "-c", "exit 7"}).code, 7);
  EXPECT_EQ(ask("exec", {"--", "/bin/sh", "-c", "kill -15 $$"}).code, 143);
  EXPECT_EQ(ask("exec", {"--", "no-such-command"}).code, 127);
}

TEST_F(Supervise, ExecHasTheAppsEnvironmentAndFolderAndTheClientsStreams) {
  start("exec sleep 100", {"--cwd", "/usr", "--env-fd", "9"}, std::string("TOKEN=s3\0PATH=/bin\0", 19));
  ASSERT_TRUE(isIn("running"));
  EXPECT_EQ(ask("exec", {"--", "/bin/sh", "-c", "echo $TOKEN; pwd"}).output, "s3\n/usr\n");
}

TEST_F(Supervise, CtrlCInterruptsAnExecAtATerminal) {
  start("exec sleep 100");
  ASSERT_TRUE(isIn("running"));
  const Descriptor keyboard(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_EQ(::unlockpt(keyboard.get()), 0);
  const std::string terminal = ::ptsname(keyboard.get());
  Child client({"/bin/sh", "-c", "exec \"$0\" exec --control \"$1\" -- /bin/sh -c \"$2\" <$3 >$3 2>&1",
                kProgram, control, "echo ready; exec sleep 100", terminal});
  std::string shown;
  char buffer[256];
  for (ssize_t n; shown.find("ready") == std::string::npos;) {
    ASSERT_GT(n = ::read(keyboard.get(), buffer, sizeof buffer), 0) << shown;
    shown.append(buffer, static_cast<size_t>(n));
  }
  ASSERT_EQ(::write(keyboard.get(), "\x03", 1), 1);
  EXPECT_EQ(client.wait(), 130);
}

TEST_F(Supervise, AnExecWhoseClientLeftIsEnded) {
  start("exec sleep 100");
  ASSERT_TRUE(isIn("running"));
  Child client({kProgram, "exec", "--control", control, "--", "/bin/sh", "-c", "echo $$; exec sleep 100"});
  const pid_t guest = std::atoi(client.readLine().c_str());
  ASSERT_TRUE(alive(guest));
  client.signal(SIGKILL);
  EXPECT_TRUE(eventually([&] { return !alive(guest); }));
}

TEST_F(Supervise, AnExecLivesThroughARestartOfTheApp) {
  start("echo $$ > " + folder / "app" + "; exec sleep 100", {"--backoff-max", "0.01"});
  Child client({kProgram, "exec", "--control", (processIn("app"), control), "--", "/bin/sh", "-c",
                "echo in; while ! test -e " + folder / "go" + "; do sleep 0.02; done; exit 5"});
  ASSERT_EQ(client.readLine(), "in");
  ::kill(processIn("app"), SIGKILL);
  ASSERT_TRUE(eventually(
      [&] { return state().findNumber("restarts") == 1 && state().findText("state") == "running"; }));
  runProgram({"/usr/bin/touch", folder / "go"});
  EXPECT_EQ(client.wait(), 5);
}

TEST_F(Supervise, ExecWithoutASupervisorFailsWith125) {
  EXPECT_EQ(ask("exec", {"--", "true"}).code, 125);
}

TEST_F(Supervise, ABadRequestIsAnsweredAndHarmsNothing) {
  start("exec sleep 100");
  ASSERT_TRUE(isIn("running"));
  EXPECT_EQ(askControl(control, FlatJson().setText("command", "explode")).error().code, "entrypoint-usage");
  EXPECT_EQ(askControl(control, FlatJson().setText("command", "exec").setList("argv", {"true"})).error().code,
            "entrypoint-usage");
  EXPECT_EQ(ask("status").code, 0);
}

TEST_F(Supervise, APathLongerThanASocketAddressWorks) {
  control = folder / (std::string(150, 'd') + "/" + std::string(90, 'c'));
  start("exec sleep 100");
  ASSERT_TRUE(isIn("running"));
  EXPECT_EQ(ask("status").code, 0);
}

}  // namespace
}  // namespace cairn::entrypoint
