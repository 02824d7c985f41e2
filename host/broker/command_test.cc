// Commands as they are met: that print too much, fork, hang and don't read what they are given.

#include "host/broker/command.h"

#include <gtest/gtest.h>

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <iterator>
#include <mutex>
#include <thread>

namespace cairn::host {
namespace {

struct Shell {
  kj::AsyncIoContext io = kj::setupAsyncIo();
  std::string told;

  Result<CommandEnd> run(const std::string& script, std::string input = {}, std::size_t keepOutput = 1 << 20,
                         kj::Duration timeout = 30 * kj::SECONDS) {
    Command command;
    command.argv = {"/bin/sh", "-c", script};
    command.folder = "/";
    command.environment = {{"PATH", "/usr/bin:/bin"}};
    command.timeout = timeout;
    command.input = std::move(input);
    command.keepOutput = keepOutput;
    auto take = [this](bool isStderr, std::string line) {
      told += (isStderr ? "err " : "out ") + line + "\n";
    };
    return runCommand(std::move(command), io, take).wait(io.waitScope);
  }

  // Runs what never ends, each time for longer, until all of it has been there.
  Result<CommandEnd> runTooLong(const std::string& script, const std::function<bool()>& hasStarted) {
    auto end = run(script, {}, 1 << 20, 1 * kj::SECONDS);
    for (int seconds = 4; !hasStarted() && seconds <= 64; seconds *= 4)
      end = run(script, {}, 1 << 20, seconds * kj::SECONDS);
    return end;
  }
};

TEST(Command, ReadsItsInputToTheEnd) {
  const std::string large(900'000, 'x');
  auto end = Shell().run("cat", large);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, large);
}

TEST(Command, KeepsItsOutputAndTellsItsErrors) {
  Shell shell;
  auto end = shell.run("echo one; echo two >&2");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "one\n");
  EXPECT_EQ(shell.told, "err two\n");
  EXPECT_EQ(end->tail, "two\n");
}

TEST(Command, OneThatPrintsWithoutEndIsKilledAndLittleOfItIsKept) {
  auto end = Shell().run("yes");
  ASSERT_TRUE(end);
  EXPECT_TRUE(end->printedTooMuch);
  EXPECT_LE(end->output.size(), 1u << 20);
}

TEST(Command, OneThatDoesNotReadItsInputIsNoError) {
  auto end = Shell().run("exit 3", std::string(500'000, 'x'));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exitCode, 3);
}

TEST(Command, AChildThatHoldsItsOutputOpenDoesNotKeepItFromEnding) {
  auto end = Shell().run("setsid sleep 1 & echo done");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "done\n");
}

bool runs(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string stat((std::istreambuf_iterator<char>(file)), {});
  return stat.find(") Z") == std::string::npos && !stat.empty();
}

// A killed one is still there until it has had its turn.
bool ends(pid_t pid) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (runs(pid) && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return !runs(pid);
}

TEST(Command, OneThatHangsIsKilledWithAllThatItStarted) {
  Shell shell;
  auto end =
      shell.runTooLong("sleep 600 & echo $! >&2; sleep 600", [&] { return shell.told.ends_with('\n'); });
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, "command-timeout");
  ASSERT_EQ(shell.told.substr(0, 4), "err ");
  EXPECT_TRUE(ends(std::stoi(shell.told.substr(4)))) << shell.told;
}

// The pid that a script wrote into `file`.
pid_t pidIn(const std::string& file) {
  pid_t pid = 0;
  std::ifstream(file) >> pid;
  return pid;
}

TEST(Command, ALateOneIsKilledWithTheDaemonThatItStarted) {
  char folder[] = "/tmp/cairn-command-XXXXXX";
  ASSERT_NE(::mkdtemp(folder), nullptr);
  const std::string file = std::string(folder) + "/pid";
  auto end = Shell().runTooLong("(setsid sh -c 'echo $$ >" + file + "; exec sleep 600' &); sleep 600",
                                [&] { return pidIn(file) > 0; });
  const pid_t daemon = pidIn(file);
  std::filesystem::remove_all(folder);
  ASSERT_FALSE(end);
  ASSERT_GT(daemon, 0);
  EXPECT_TRUE(ends(daemon));
}

TEST(Command, WhatTakesLongToDieDoesNotStopTheLoop) {
  kj::AsyncIoContext io = kj::setupAsyncIo();
  auto& timer = io.provider->getTimer();
  Command command;
  command.argv = {"/bin/sh", "-c", "echo $PPID; exec sleep 600"};
  command.folder = "/";
  command.timeout = 300 * kj::MILLISECONDS;
  auto containing = kj::newPromiseAndFulfiller<pid_t>();
  bool loopWentOn = false;
  std::mutex mutex;
  std::condition_variable done;
  bool ended = false;
  std::thread rescuer;  // of a loop that waits
  auto end = runCommand(std::move(command), io, [&](bool, std::string line) {
    const pid_t pid = std::stoi(line);
    ::kill(pid, SIGSTOP);  // what contains it can't end before it is continued
    rescuer = std::thread([&, pid] {
      std::unique_lock lock(mutex);
      if (!done.wait_for(lock, std::chrono::seconds(10), [&] { return ended; })) ::kill(pid, SIGCONT);
    });
    containing.fulfiller->fulfill(pid_t{pid});
  });
  auto goOn = containing.promise
                  .then([&](pid_t pid) {
                    return timer.afterDelay(600 * kj::MILLISECONDS).then([&, pid] {
                      loopWentOn = true;
                      ::kill(pid, SIGCONT);
                    });
                  })
                  .eagerlyEvaluate(nullptr);
  const auto result = end.wait(io.waitScope);
  {
    std::lock_guard lock(mutex);
    ended = true;
  }
  done.notify_one();
  rescuer.join();
  EXPECT_TRUE(loopWentOn);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "command-timeout");
}

TEST(Command, OneThatIsStoppedOnRequestIsCancelled) {
  kj::AsyncIoContext io = kj::setupAsyncIo();
  auto stop = kj::newPromiseAndFulfiller<void>();
  Command command;
  command.argv = {"/bin/sh", "-c", "echo $$; exec sleep 600"};
  command.folder = "/";
  pid_t pid = 0;
  const auto end = runCommand(
                       std::move(command), io,
                       [&](bool, std::string line) {
                         pid = std::stoi(line);
                         stop.fulfiller->fulfill();
                       },
                       kj::mv(stop.promise))
                       .wait(io.waitScope);
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, "cancelled");
  EXPECT_TRUE(ends(pid));
}

TEST(Command, ARelativeFolderOfPathIsOneOfTheFolderItRunsIn) {
  char folder[] = "/tmp/cairn-command-XXXXXX";
  ASSERT_NE(::mkdtemp(folder), nullptr);
  std::filesystem::create_directory(std::string(folder) + "/bin");
  const std::string program = std::string(folder) + "/bin/cairn-test-tool";
  std::ofstream(program) << "#!/bin/sh\n";
  std::filesystem::permissions(program, std::filesystem::perms(0755));
  const std::string before = ::getenv("PATH");
  ::setenv("PATH", ("bin:" + before).c_str(), 1);
  const auto found = findProgram("cairn-test-tool", folder);
  const auto elsewhere = findProgram("cairn-test-tool", "/");
  ::setenv("PATH", before.c_str(), 1);
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->string(), program);
  EXPECT_FALSE(elsewhere);
}

TEST(Command, TheSignalThatEndedItIsTold) {
  auto end = Shell().run("kill -SEGV $$");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exitCode, 128 + SIGSEGV);
}

TEST(Command, OneThatTheSystemRefusesToRunIsAnError) {
  char file[] = "/tmp/cairn-command-XXXXXX";
  ::close(::mkstemp(file));
  kj::AsyncIoContext io = kj::setupAsyncIo();
  Command command;
  command.argv = {file};
  command.folder = "/";
  auto end = runCommand(std::move(command), io, [](bool, std::string) {}).wait(io.waitScope);
  ::unlink(file);
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, "command-failed-to-start");
  EXPECT_EQ(end.error().message, "can't run " + std::string(file) + ": Permission denied");
}

}  // namespace
}  // namespace cairn::host
