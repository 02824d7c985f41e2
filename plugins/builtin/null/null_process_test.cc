// The plugin as a process of its own, as cairn starts it: descriptor 3, hello, a call, the socket's end.

#include <cairn/dynamic/digest.h>
#include <cairn/plugin.capnp.h>

#include <cairn/owned.h>
#include <null/null.capnp.h>

#include <capnp/rpc-twoparty.h>
#include <gtest/gtest.h>
#include <kj/async-io.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <optional>
#include <string>

namespace cairn::plugins::null {
namespace {

constexpr char kProgram[] = CAIRN_BUILD_ROOT "/lib/cairn/plugins/null/cairn-plugin-null";

class SilentTerminal final : public wire::Terminal::Server {
 public:
  kj::Promise<void> step(StepContext) override { return kj::READY_NOW; }
  kj::Promise<void> sync(SyncContext) override { return kj::READY_NOW; }
};

// A process of the plugin and the host's end of its channel.
struct Process {
  explicit Process(kj::AsyncIoContext& io) {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    pid = ::fork();
    if (pid == 0) {
      ::dup2(ends[1], 3);
      if (ends[1] == 3) ::fcntl(3, F_SETFD, 0);
      ::execl(kProgram, kProgram, nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    stream = io.lowLevelProvider->wrapUnixSocketFd(ends[0], kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP);
    network = kj::heap<capnp::TwoPartyVatNetwork>(*stream, 1, capnp::rpc::twoparty::Side::CLIENT);
    rpc.emplace(capnp::makeRpcClient(*network));
    capnp::MallocMessageBuilder message;
    auto vat = message.initRoot<capnp::rpc::twoparty::VatId>();
    vat.setSide(capnp::rpc::twoparty::Side::SERVER);
    plugin.emplace(rpc->bootstrap(vat).castAs<wire::Plugin>());
  }
  void closeChannel() {
    plugin.reset();
    rpc.reset();
    network = nullptr;
    stream = nullptr;
  }
  // The exit status, or -1 where it still runs after so long.
  int statusWithin(int milliseconds) {
    int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    pollfd wait{pidfd, POLLIN, 0};
    bool ended = ::poll(&wait, 1, milliseconds) == 1;
    ::close(pidfd);
    if (!ended) ::kill(pid, SIGKILL);
    int status = 0;
    ::waitpid(pid, &status, 0);
    return ended ? status : -1;
  }

  pid_t pid = 0;
  kj::Own<kj::AsyncCapabilityStream> stream;
  kj::Own<capnp::TwoPartyVatNetwork> network;
  std::optional<capnp::RpcSystem<capnp::rpc::twoparty::VatId>> rpc;
  std::optional<wire::Plugin::Client> plugin;
};

TEST(NullProcess, HelloNamesTheDigestOfTheManifestThatItGives) {
  auto io = kj::setupAsyncIo();
  Process process(io);
  auto hello = process.plugin->helloRequest().send().wait(io.waitScope);
  auto manifest = process.plugin->manifestRequest().send().wait(io.waitScope);

  auto words = capnp::canonicalize(manifest.getManifest());
  auto digest = sha256(words.asBytes().begin(), words.asBytes().size());

  EXPECT_EQ(hex(hello.getPlugin().getManifestDigest().begin(), 32), hex(digest));
  process.closeChannel();
  EXPECT_NE(process.statusWithin(30'000), -1) << "it still runs";
}

TEST(NullProcess, ClosedSocketEndsItAlsoInACallThatIgnoresCancel) {
  auto io = kj::setupAsyncIo();
  Process process(io);
  Owned<Settings> settings;
  settings->setSleepMs(60'000);
  settings->setIgnoreCancel(true);
  auto words = capnp::canonicalize(settings.reader());
  auto request = process.plugin->runRequest();
  request.initComponent().setName("null");
  request.initSettings().setContent(words.asBytes());
  request.initInputs(1);
  request.initCall().setTerminal(kj::heap<SilentTerminal>());
  auto running = request.send();
  process.plugin->cancelRequest().send().wait(io.waitScope);  // the call before it has been taken by now

  { auto dropped = kj::mv(running); }
  process.closeChannel();

  EXPECT_NE(process.statusWithin(30'000), -1) << "it still runs";
}

TEST(NullProcess, StartedByHandItSaysHowItIsUsedAndExits64) {
  std::string command = std::string(kProgram) + " 3<&- 2>&1";
  auto pipe = ::popen(command.c_str(), "r");
  std::string text;
  for (int c; (c = ::fgetc(pipe)) != EOF;) text += static_cast<char>(c);
  EXPECT_EQ(WEXITSTATUS(::pclose(pipe)), 64);
  EXPECT_NE(text.find("use = \"null\""), std::string::npos) << text;
}

}  // namespace
}  // namespace cairn::plugins::null
