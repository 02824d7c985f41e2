// The broker against real processes: the null plugin, and programs that only pretend to be plugins.

#include "host/broker/broker.h"

#include <cairn/types.capnp.h>

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>

namespace cairn::host {
namespace {

namespace fs = std::filesystem;

// Hears everything, keeps nothing but log lines and steps.
class QuietHost final : public CallHost {
 public:
  void emit(kj::FunctionParam<void(wire::Event::Builder)> fill) override {
    capnp::MallocMessageBuilder message;
    fill(message.initRoot<wire::Event>());
    ++events;
  }
  std::string recordId() const override { return {}; }
  kj::Promise<Result<std::uint64_t>> intend(std::string, std::string) override {
    return Result<std::uint64_t>(++handles);
  }
  kj::Promise<Result<void>> created(std::uint64_t, std::string, std::string) override {
    return Result<void>();
  }
  kj::Promise<Result<void>> removed(std::uint64_t) override { return Result<void>(); }
  kj::Promise<Result<std::vector<JournalEntry>>> resources() override {
    return Result<std::vector<JournalEntry>>(std::vector<JournalEntry>());
  }
  Result<std::optional<std::string>> secret(const std::string&) override {
    return std::optional<std::string>();
  }
  kj::Promise<kj::Array<kj::byte>> readInput(std::uint32_t) override { return kj::heapArray<kj::byte>(0); }

  int events = 0;
  std::uint64_t handles = 0;
};

// A folder of its own, an event loop and a broker; everything on the test's stack, since KJ's destructors may
// throw.
struct Workshop {
  explicit Workshop(kj::Duration hello = 10 * kj::SECONDS)
      : io(kj::setupAsyncIo()), root(makeRoot()), broker(io, options(root, hello)) {}
  ~Workshop() noexcept(false) {
    broker.stop().wait(io.waitScope);
    fs::remove_all(root);
  }

  static fs::path makeRoot() {
    std::string pattern = (fs::temp_directory_path() / "cairn-broker-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }
  static BrokerOptions options(const fs::path& root, kj::Duration hello) {
    BrokerOptions out;
    out.hostVersion = "test";
    out.cacheFolder = root / "cache";
    out.dataFolder = root / "data";
    out.helloDeadline = hello;
    out.cancelGrace = 100 * kj::MILLISECONDS;
    return out;
  }

  // A program that calls itself a plugin: a shell script with descriptor 3 open.
  Bundle pretend(const std::string& script, bool executable = true) {
    fs::create_directories(root / "sham");
    fs::path program = root / "sham/cairn-plugin-sham";
    std::ofstream(program) << script;
    if (executable) ::chmod(program.c_str(), 0755);
    return *openBundle("sham", root / "sham");
  }
  Error inspectFails(Bundle bundle) {
    auto plugin = broker.inspect(std::move(bundle)).wait(io.waitScope);
    EXPECT_FALSE(plugin);
    return plugin ? Error{} : plugin.error();
  }
  LocatedPlugin null() {
    auto bundle = openBundle("null", fs::path(CAIRN_BUILD_ROOT) / "lib/cairn/plugins/null");
    return *broker.inspect(std::move(*bundle)).wait(io.waitScope);
  }

  void pause() { io.provider->getTimer().afterDelay(1 * kj::MILLISECONDS).wait(io.waitScope); }

  kj::AsyncIoContext io;
  fs::path root;
  Broker broker;
};

TEST(Broker, ReadsAManifestOnceAndThenFromItsCache) {
  Workshop shop;
  auto plugin = shop.null();
  EXPECT_EQ(plugin.manifest->reader().getName(), "null");
  EXPECT_EQ(shop.broker.processCount(), 1u);

  Broker second(shop.io, Workshop::options(shop.root, 1 * kj::SECONDS));
  auto bundle = openBundle("null", plugin.bundle.folder);
  auto again = second.inspect(*bundle).wait(shop.io.waitScope);
  ASSERT_TRUE(again);
  EXPECT_EQ(second.processCount(), 0u);
  EXPECT_EQ(again->manifest->digest(), plugin.manifest->digest());
}

TEST(Broker, AFileThatIsNotExecutableIsToldSo) {
  Workshop shop;
  auto error = shop.inspectFails(shop.pretend("#!/bin/sh\n", false));
  EXPECT_EQ(error.code, "plugin-not-executable");
  EXPECT_NE(error.hint.find("chmod +x"), std::string::npos);
}

TEST(Broker, AProgramForAnotherMachineIsNamedWithBothArchitectures) {
  Workshop shop;
  std::string header(
      "\x7f"
      "ELF\x02\x01\x01",
      7);
  header.resize(64, '\0');
  header[16] = 2;
  header[18] = static_cast<char>(0xf3);  // risc-v
  auto error = shop.inspectFails(shop.pretend(header));
  EXPECT_EQ(error.code, "plugin-wrong-architecture");
  EXPECT_NE(error.message.find("risc-v"), std::string::npos);
}

TEST(Broker, AMissingInterpreterIsToldFromAMissingFile) {
  Workshop shop;
  EXPECT_EQ(shop.inspectFails(shop.pretend("#!/nowhere/interpreter\n")).code, "plugin-start-failed");
}

TEST(Broker, APluginThatDiesAtOnceIsDiagnosedWithItsStatusAndLastWords) {
  Workshop shop;
  auto error = shop.inspectFails(shop.pretend("#!/bin/sh\necho 'no licence found' >&2\nexit 3\n"));
  EXPECT_EQ(error.code, "plugin-died");
  EXPECT_NE(error.message.find("exited with status 3"), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("hello"), std::string::npos);
  EXPECT_NE(error.detail.find("no licence found"), std::string::npos);
}

TEST(Broker, APluginKilledByASignalIsDiagnosedWithIt) {
  Workshop shop;
  auto error = shop.inspectFails(shop.pretend("#!/bin/sh\nkill -SEGV $$\n"));
  EXPECT_NE(error.message.find("signal 11"), std::string::npos) << error.message;
}

// What is told of a program that prints a line and then is silent, once its deadline was long enough for
// that.
Error neverSaysHello(const std::string& script) {
  Error error;
  for (int ms = 200; error.detail.empty() && ms < 60'000; ms *= 4) {
    Workshop shop(ms * kj::MILLISECONDS);
    error = shop.inspectFails(shop.pretend(script));
    EXPECT_EQ(error.code, "plugin-no-hello") << error.message;
    while (shop.broker.processCount() > 0) shop.pause();
  }
  return error;
}

TEST(Broker, APluginThatNeverSaysHelloIsGivenUpAfterTheDeadline) {
  const Error error = neverSaysHello("#!/bin/sh\necho thinking\nexec sleep 600\n");
  EXPECT_NE(error.detail.find("thinking"), std::string::npos);
}

TEST(Broker, TextOnTheChannelIsRecognisedAsGarbage) {
  Workshop shop;
  auto error = shop.inspectFails(shop.pretend(
      "#!/bin/sh\necho 'Hello, I am a plugin and I print on descriptor three' >&3\nexec sleep 600\n"));
  EXPECT_EQ(error.code, "plugin-garbage") << error.message;
}

TEST(Broker, WhatAPluginPrintsDoesNotDisturbTheCall) {
  Workshop shop;
  auto script = "#!/bin/sh\necho before\nexec " + std::string(CAIRN_BUILD_ROOT) +
                "/lib/cairn/plugins/null/cairn-plugin-null\n";
  fs::create_directories(shop.root / "null");
  std::ofstream(shop.root / "null/cairn-plugin-null") << script;
  ::chmod((shop.root / "null/cairn-plugin-null").c_str(), 0755);
  std::string printed;
  shop.broker.setOutputSink([&](kj::StringPtr, bool, kj::StringPtr line) { printed += line.cStr(); });
  EXPECT_TRUE(shop.broker.inspect(*openBundle("null", shop.root / "null")).wait(shop.io.waitScope));
  shop.broker.stop().wait(shop.io.waitScope);
  EXPECT_EQ(printed, "before");
}

TEST(Broker, AnotherBuildThanThePlanSaysIsRefused) {
  Workshop shop;
  auto plugin = shop.null();
  plugin.digest = std::string(32, 'x');
  auto started = shop.broker.start(plugin).wait(shop.io.waitScope);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, "plugin-changed");
}

TEST(Broker, APluginThatWasRebuiltBeforeItsRestartIsRefused) {
  Workshop shop;
  fs::create_directories(shop.root / "null");
  const fs::path program = shop.root / "null/cairn-plugin-null", number = shop.root / "number";
  std::ofstream(program) << "#!/bin/sh\necho $$ >" << number.string() << "\nexec " << CAIRN_BUILD_ROOT
                         << "/lib/cairn/plugins/null/cairn-plugin-null\n";
  ::chmod(program.c_str(), 0755);
  auto plugin = *shop.broker.inspect(*openBundle("null", shop.root / "null")).wait(shop.io.waitScope);
  pid_t pid = 0;
  std::ifstream(number) >> pid;
  ASSERT_GT(pid, 1);
  ::kill(pid, SIGKILL);
  while (shop.broker.processCount() > 0) shop.pause();
  std::ofstream(program, std::ios::app) << "# another build\n";
  auto started = shop.broker.start(plugin).wait(shop.io.waitScope);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, "plugin-changed");
}

TEST(Broker, APluginThatLeftItsGroupIsKilledAllTheSame) {
  const Error error = neverSaysHello(
      "#!/usr/bin/perl\n$| = 1;\nsetpgrp(0, getpgrp(getppid())) or die $!;\nprint \"left\\n\";\nsleep "
      "600;\n");
  EXPECT_EQ(error.detail, "left\n");
}

TEST(Broker, ConcurrentCallersShareOneProcess) {
  Workshop shop;
  auto plugin = shop.null();
  auto starts = kj::heapArrayBuilder<kj::Promise<Result<void>>>(20);
  for (int i = 0; i < 20; ++i) starts.add(shop.broker.start(plugin));
  for (auto& started : kj::joinPromises(starts.finish()).wait(shop.io.waitScope)) EXPECT_TRUE(started);
  EXPECT_EQ(shop.broker.processCount(), 1u);
}

TEST(Broker, WhoWaitsForAStartIsAnsweredWhenAnotherOneTakesItsPlace) {
  Workshop shop;
  const Bundle bundle = shop.pretend("#!/bin/sh\nexit 3\n");
  auto first = shop.broker.inspect(bundle).eagerlyEvaluate(nullptr);
  while (shop.broker.processCount() > 0)
    shop.io.provider->getTimer().afterDelay(1 * kj::MILLISECONDS).wait(shop.io.waitScope);
  auto second = shop.broker.inspect(bundle).eagerlyEvaluate(nullptr);
  EXPECT_EQ(first.wait(shop.io.waitScope).error().code, "plugin-died");
  EXPECT_EQ(second.wait(shop.io.waitScope).error().code, "plugin-died");
}

TEST(Broker, WhoWaitsForAStartIsAnsweredWhenTheBrokerStops) {
  Workshop shop;
  auto starting =
      shop.broker.inspect(shop.pretend("#!/bin/sh\nexec cat <&3 >/dev/null\n")).eagerlyEvaluate(nullptr);
  shop.broker.stop().wait(shop.io.waitScope);
  EXPECT_FALSE(starting.wait(shop.io.waitScope));
}

TEST(Broker, AHundredStartsLeaveNoDescriptorBehind) {
  Workshop shop;
  auto plugin = shop.null();
  auto descriptors = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  shop.broker.stop().wait(shop.io.waitScope);
  auto before = descriptors();
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(shop.broker.start(plugin).wait(shop.io.waitScope));
    shop.broker.stop().wait(shop.io.waitScope);
  }
  EXPECT_EQ(descriptors(), before);
}

}  // namespace
}  // namespace cairn::host
