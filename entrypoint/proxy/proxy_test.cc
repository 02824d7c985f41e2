// The real cairn-proxy between real sockets.

#include "entrypoint/flat_json.h"
#include "entrypoint/testing/http_peers.h"
#include "entrypoint/testing/programs.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <future>
#include <memory>
#include <vector>

namespace cairn::entrypoint {
namespace {

using testing::Child;
using testing::Client;
using testing::contentOf;
using testing::eventually;
using testing::Response;
using testing::runProgram;
using testing::TempFolder;
using testing::TestBackend;

const std::string kProgram = CAIRN_BUILD_ROOT "/libexec/cairn/cairn-proxy";

class Proxy : public ::testing::Test {
 protected:
  void start(std::vector<std::string> options = {}) {
    std::vector<std::string> argv = {kProgram,    "serve", "--listen", "127.0.0.1:0",
                                     "--control", control, "--state",  stateFile};
    argv.insert(argv.end(), options.begin(), options.end());
    child = std::make_unique<Child>(argv);
    address = child->readLine();
  }
  void startBefore(const TestBackend& backend) {
    start({"--backend", backend.address(), "--deployment", "v1"});
  }

  void startWithRoomForEight() {
    const std::string command = "ulimit -n 40; exec " + kProgram + " serve --listen 127.0.0.1:0 --control " +
                                control + " --backend " + one.address() + " --deployment v1";
    child = std::make_unique<Child>(std::vector<std::string>{"/bin/sh", "-c", command});
    address = child->readLine();
  }

  // Sends a request that `one` answers once it is released.
  bool isHeld(Client& client) {
    client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
    return eventually([&] { return one.holds(); });
  }

  FlatJson switchTo(const TestBackend& backend, const std::string& drainSeconds = "10") const {
    return FlatJson::parse(
               runProgram({kProgram, "switch", "--control", control, "--backend", backend.address(),
                           "--deployment", "v2", "--drain-timeout", drainSeconds})
                   .output)
        .value_or(FlatJson());
  }
  FlatJson status() const {
    return FlatJson::parse(runProgram({kProgram, "status", "--control", control}).output)
        .value_or(FlatJson());
  }

  TempFolder folder;
  std::string control = folder / "control";
  std::string stateFile = folder / "state.json";
  std::string address;
  std::unique_ptr<Child> child;
  TestBackend one{"v1"};
  TestBackend two{"v2"};
};

// A connection to a Unix socket that says nothing.
int connectTo(const std::string& path) {
  const int out = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, sizeof name.sun_path - 1);
  return ::connect(out, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0 ? out : -1;
}

std::string post(const std::string& path, size_t size) {
  return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
}

TEST_F(Proxy, TheAddressIsPrintedAndInTheStateFile) {
  startBefore(one);
  EXPECT_EQ(FlatJson::parse(contentOf(stateFile)).value().findText("address"), address);
  EXPECT_EQ(Client(address).get("/").body, "v1");
}

TEST_F(Proxy, TheControlSocketIsForItsOwnerAlone) {
  startBefore(one);
  struct stat found;
  ASSERT_EQ(::stat(control.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(Proxy, ConnectionsToTheBackendAreKept) {
  startBefore(one);
  Client client(address);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.get("/").body, "v1");
  EXPECT_EQ(one.connections(), 1);
}

TEST_F(Proxy, WithoutADeploymentItSaysSo) {
  start();
  EXPECT_EQ(Client(address).get("/").status(), 503);
}

TEST_F(Proxy, ABackendThatIsNotThereIsNamed) {
  std::string gone;
  { gone = TestBackend("x").address(); }
  start({"--backend", gone, "--deployment", "v9"});
  const Response response = Client(address).get("/");
  EXPECT_EQ(response.status(), 502);
  EXPECT_NE(response.body.find(gone + " (deployment v9)"), std::string::npos);
}

TEST_F(Proxy, ABackendThatTakesTooLongIs504) {
  start({"--backend", one.address(), "--deployment", "v1", "--response-timeout", "0.1"});
  EXPECT_EQ(Client(address).get("/held").status(), 504);
}

TEST_F(Proxy, HeadHasALengthAndNoBody) {
  startBefore(one);
  Client client(address);
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(client.read(true).head.find("Content-Length: 1234"), std::string::npos);
  EXPECT_EQ(client.get("/").body, "v1");
}

TEST_F(Proxy, ChunkedResponsesStayWhole) {
  startBefore(one);
  Client client(address);
  EXPECT_EQ(client.get("/chunked").body, "v1");
  EXPECT_EQ(client.get("/").body, "v1");
}

TEST_F(Proxy, AResponseThatBreaksOffBreaksOffForTheClient) {
  startBefore(one);
  EXPECT_FALSE(Client(address).get("/broken").whole);
}

TEST_F(Proxy, RequestsSentAtOnceAreAnsweredInTurn) {
  startBefore(one);
  Client client(address);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /headers HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read().body, "v1");
  EXPECT_TRUE(client.read().body.starts_with("GET /headers"));
}

TEST_F(Proxy, ALargeUploadArrivesWholeInLittleMemory) {
  startBefore(one);
  constexpr size_t kSize = 64 * 1024 * 1024;
  Client client(address);
  client.send(post("/count", kSize));
  const std::string piece(1024 * 1024, 'x');
  for (size_t sent = 0; sent < kSize; sent += piece.size()) ASSERT_TRUE(client.send(piece));
  EXPECT_EQ(client.read().body, std::to_string(kSize));
  const std::string memory = contentOf("/proc/" + std::to_string(child->pid()) + "/status");
  EXPECT_LT(std::stol(memory.substr(memory.find("VmHWM:") + 6)), 8 * 1024) << "kB";
}

TEST_F(Proxy, AChunkedUploadArrivesWhole) {
  startBefore(one);
  Client client(address);
  client.send("POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  client.send("5;ext=1\r\ndefgh\r\n0\r\n\r\n");
  EXPECT_EQ(client.read().body, "8");
}

TEST_F(Proxy, AClientThatAsksFirstHearsContinueFromTheBackend) {
  startBefore(one);
  Client client(address);
  client.send("POST /early HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.read().status(), 100);
  client.send("abc");
  EXPECT_EQ(client.read().body, "3");
}

TEST_F(Proxy, AnAnswerThatComesBeforeTheUploadEndsIsPassedOn) {
  startBefore(one);
  Client client(address);
  client.send(post("/refuse", 1'000'000'000) + "abc");
  EXPECT_EQ(client.read().status(), 413);
  EXPECT_TRUE(client.atEnd());
  one.release();
}

TEST_F(Proxy, AClientThatLeavesEndsItsRequestAtTheBackend) {
  startBefore(one);
  {
    Client client(address);
    ASSERT_TRUE(isHeld(client));
  }
  EXPECT_TRUE(eventually([&] { return status().findNumber("inFlight") == 0; }));
  one.release();
}

TEST_F(Proxy, AConnectionThatTheBackendClosedCostsNoRequest) {
  startBefore(one);
  Client client(address);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.get("/once").body, "v1");
}

TEST_F(Proxy, WhatABackendSaysUnaskedIsNobodysAnswer) {
  startBefore(one);
  EXPECT_EQ(Client(address).get("/stray").body, "v1");
  one.release();
  ASSERT_TRUE(eventually([&] { return one.hasStrayed(); }));
  EXPECT_EQ(Client(address).get("/").body, "v1");
}

TEST_F(Proxy, ABodyThatIsAllExtensionsOrTrailersTakesLittleMemory) {
  startBefore(one);
  for (const char* start : {"1;", "0\r\nX: "}) {
    Client client(address);
    client.send(std::string("POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") + start);
    const std::string piece(1024 * 1024, 'a');
    for (int i = 0; i < 30 && client.send(piece);) ++i;
    EXPECT_EQ(client.read().status(), 400) << start;
  }
  const std::string memory = contentOf("/proc/" + std::to_string(child->pid()) + "/status");
  EXPECT_LT(std::stol(memory.substr(memory.find("VmHWM:") + 6)), 8 * 1024) << "kB";
}

TEST_F(Proxy, AClientThatTakesNothingIsLeftOnceItsTimeIsUp) {
  start({"--backend", one.address(), "--deployment", "v1", "--client-timeout", "1"});
  Client client(address);
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return status().findNumber("requests") == 1; }));
  EXPECT_TRUE(eventually([&] { return status().findNumber("inFlight") == 0; }));
}

TEST_F(Proxy, ABackendThatDoesNotTakeAnUploadIs504) {
  start({"--backend", one.address(), "--deployment", "v1", "--response-timeout", "0.1"});
  Client client(address);
  auto sending = std::async(
      std::launch::async, [&] { client.send(post("/unread", 100'000'000) + std::string(100'000'000, 'x')); });
  EXPECT_EQ(client.read().status(), 504);
  one.release();
}

TEST_F(Proxy, WithAllDescriptorsInUseTheQuietestClientGivesWay) {
  startWithRoomForEight();
  std::vector<std::unique_ptr<Client>> quiet;
  for (int i = 0; i < 60; ++i) quiet.push_back(std::make_unique<Client>(address));
  EXPECT_EQ(Client(address).get("/").body, "v1");
  EXPECT_EQ(status().findBool("ok"), true);
}

TEST_F(Proxy, NobodyGivesWayWhileNobodyWaits) {
  startWithRoomForEight();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<Client>(address));
    EXPECT_EQ(clients.back()->get("/").body, "v1");
  }
  for (auto& client : clients) EXPECT_EQ(client->get("/").body, "v1");
}

TEST_F(Proxy, AClientThatIsToldNoIsHeardOutBeforeAQuietOneStays) {
  startWithRoomForEight();
  std::vector<std::unique_ptr<Client>> quiet;
  for (int i = 0; i < 7; ++i) {
    quiet.push_back(std::make_unique<Client>(address));
    EXPECT_EQ(quiet.back()->get("/").body, "v1");
  }
  Client refused(address);
  refused.send(post("/refuse", 1'000'000'000) + "abc");
  EXPECT_EQ(refused.read().status(), 413);
  EXPECT_EQ(Client(address).get("/").body, "v1");
  // Into a connection that was closed only the first would go.
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(refused.send(std::string(10'000, 'x'))) << i;
  one.release();
}

TEST_F(Proxy, ARequestWithTwoReadingsIsRefused) {
  startBefore(one);
  for (const char* fields :
       {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Content-Length: +3\r\n",
        "Content-Length : 3\r\n", "Transfer-Encoding: chunked, identity\r\n"}) {
    Client client(address);
    client.send(std::string("POST / HTTP/1.1\r\nHost: a\r\n") + fields + "\r\n0\r\n\r\n");
    EXPECT_GE(client.read().status(), 400) << fields;
    EXPECT_TRUE(client.atEnd()) << fields;
  }
  EXPECT_EQ(one.connections(), 0);
}

TEST_F(Proxy, WhatIsNoHttpIsAnsweredWith400) {
  startBefore(one);
  Client client(address);
  client.send("\x16\x03\x01 hello\r\n\r\n");
  EXPECT_EQ(client.read().status(), 400);
}

TEST_F(Proxy, AnUpgradeBecomesATunnel) {
  startBefore(one);
  Client client(address);
  client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly");
  EXPECT_EQ(client.read().status(), 101);
  EXPECT_EQ(client.readBytes(5), "early");
  client.send("later");
  EXPECT_EQ(client.readBytes(5), "later");
}

TEST_F(Proxy, TheNextRequestOnAnOpenConnectionGoesToTheNewBackend) {
  startBefore(one);
  Client client(address);
  EXPECT_EQ(client.get("/").body, "v1");
  const FlatJson answer = switchTo(two);
  EXPECT_EQ(answer.findText("previous"), "v1");
  EXPECT_EQ(answer.findBool("drained"), true);
  EXPECT_EQ(client.get("/").body, "v2");
}

TEST_F(Proxy, ASwitchWaitsForTheRequestInFlight) {
  startBefore(one);
  Client client(address);
  ASSERT_TRUE(isHeld(client));
  auto switching = std::async(std::launch::async, [&] { return switchTo(two); });
  ASSERT_TRUE(eventually([&] { return Client(address).get("/").body == "v2"; }));
  EXPECT_EQ(status().findList("draining"), std::vector<std::string>{"v1"});
  one.release();
  EXPECT_EQ(client.read().body, "v1");
  EXPECT_EQ(switching.get().findBool("drained"), true);
}

TEST_F(Proxy, AnUploadThatBeganBeforeTheSwitchEndsWhereItBegan) {
  startBefore(one);
  Client client(address);
  client.send(post("/count", 6) + "abc");
  ASSERT_TRUE(eventually([&] { return status().findNumber("inFlight") == 1; }));
  auto switching = std::async(std::launch::async, [&] { return switchTo(two); });
  ASSERT_TRUE(eventually([&] { return Client(address).get("/").body == "v2"; }));
  client.send("def");
  EXPECT_EQ(client.read().body, "6");
  EXPECT_EQ(switching.get().findBool("drained"), true);
}

TEST_F(Proxy, ATunnelLivesUntilTheDrainTimeout) {
  startBefore(one);
  Client client(address);
  client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
  ASSERT_EQ(client.read().status(), 101);
  auto switching = std::async(std::launch::async, [&] { return switchTo(two, "60"); });
  ASSERT_TRUE(eventually([&] { return Client(address).get("/").body == "v2"; }));
  client.send("still");
  EXPECT_EQ(client.readBytes(5), "still");
  const FlatJson answer = switchTo(two, "0");
  EXPECT_EQ(answer.findBool("drained"), false);
  EXPECT_EQ(answer.findNumber("cut"), 1);
  EXPECT_TRUE(client.atEnd());
}

TEST_F(Proxy, SwitchingUnderLoadLosesNoRequest) {
  startBefore(one);
  std::atomic<bool> enough{false};
  std::atomic<int> lost{0};
  std::atomic<int> served{0};
  const auto load = [&](bool fresh) {
    auto client = std::make_unique<Client>(address);
    while (!enough) {
      if (fresh) client = std::make_unique<Client>(address);
      const Response response = client->get(served % 3 == 0 ? "/chunked" : "/");
      ++(response.whole && response.status() == 200 ? served : lost);
    }
  };
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) clients.emplace_back(load, i % 2 == 0);
  for (int i = 0; i < 10; ++i) {
    const int before = served;
    EXPECT_EQ(switchTo(i % 2 == 0 ? two : one).findBool("drained"), true);
    EXPECT_TRUE(eventually([&] { return served > before + 50; }));
  }
  enough = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(lost, 0);
}

TEST_F(Proxy, StartedAgainItServesTheSameDeploymentAtTheSameAddress) {
  startBefore(one);
  const std::string before = address;
  switchTo(two);
  child->signal(SIGKILL);
  child->wait();
  startBefore(one);
  EXPECT_EQ(address, before);
  EXPECT_EQ(Client(address).get("/").body, "v2");
}

TEST_F(Proxy, ASwitchThatCanNotBeRememberedDoesNotHappen) {
  startBefore(one);
  std::filesystem::remove(stateFile);
  std::filesystem::create_directory(stateFile);
  EXPECT_FALSE(switchTo(two).findBool("ok"));
  EXPECT_EQ(Client(address).get("/").body, "v1");
}

TEST_F(Proxy, TheSignalTermLetsARequestEnd) {
  startBefore(one);
  Client client(address);
  ASSERT_TRUE(isHeld(client));
  child->signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return Client(address).get("/").head.empty(); }));
  one.release();
  EXPECT_EQ(client.read().body, "v1");
  EXPECT_EQ(child->wait(), 0);
}

TEST_F(Proxy, ASecondSwitchStillWaitsForWhatTheFirstLeftBehind) {
  startBefore(one);
  Client client(address);
  ASSERT_TRUE(isHeld(client));
  EXPECT_EQ(switchTo(two, "0").findNumber("left"), 1);
  const FlatJson again = switchTo(two, "0.1");
  EXPECT_EQ(again.findBool("drained"), false);
  EXPECT_EQ(again.findNumber("left"), 1);
  one.release();
  EXPECT_EQ(client.read().body, "v1");
}

TEST_F(Proxy, ASilentClientOfItsControlSocketDoesNotKeepItAlive) {
  startBefore(one);
  const int silent = connectTo(control);
  ASSERT_GE(silent, 0);
  EXPECT_EQ(status().findBool("ok"), true);
  child->signal(SIGTERM);
  EXPECT_EQ(child->wait(), 0);
  ::close(silent);
}

TEST_F(Proxy, ASecondSignalTermEndsWhatStillRuns) {
  startBefore(one);
  Client client(address);
  ASSERT_TRUE(isHeld(client));
  child->signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return Client(address).get("/").head.empty(); }));
  child->signal(SIGTERM);
  EXPECT_EQ(child->wait(), 0);
  EXPECT_TRUE(one.holds());
}

TEST_F(Proxy, ABackendIsAnAddressNotAName) {
  EXPECT_EQ(runProgram({kProgram, "serve", "--listen", "localhost:0"}).code, 2);
}

}  // namespace
}  // namespace cairn::entrypoint
