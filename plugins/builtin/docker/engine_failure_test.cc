// What is told of an engine that does not answer as it should, and of things that somebody else took away.

#include "container_exec.h"
#include "containers.h"
#include "docker_test_support.h"
#include "engine.h"
#include "json_fields.h"
#include "proxy_succession.h"
#include "readiness.h"

#include <nlohmann/json.hpp>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace cairn::plugins::docker {
namespace {

// Answers what no real engine can be brought to: one connection after the other, each with the next of
// `answers`, byte by byte as it is given here, and then hangs up.
class ScriptedEngine {
 public:
  enum class Reads { Requests, Nothing };  // Nothing: it answers unasked, and what is sent to it fails
  explicit ScriptedEngine(std::vector<std::string> answers, Reads reads = Reads::Requests)
      : answers_(std::move(answers)), reads_(reads) {
    std::string name = (fs::temp_directory_path() / "cairn-engine-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket().copy(address.sun_path, sizeof address.sun_path - 1);
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    thread_ = std::thread([this] {
      for (const std::string& answer : answers_) serve(answer);
    });
  }
  ~ScriptedEngine() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    fs::remove_all(folder_);
  }
  Result<Engine> connect() const {
    return Engine::connect(CAIRN_TRY(parseEngineAddress("unix://" + socket(), "test")), -1);
  }

 private:
  std::string socket() const { return folder_ / "docker.sock"; }
  // With its body: a socket that is closed over bytes not yet read takes the answer back from who reads it.
  static bool isWhole(const std::string& request) {
    constexpr std::string_view kLength = "Content-Length: ";
    const std::size_t end = request.find("\r\n\r\n");
    if (end == request.npos) return false;
    const std::size_t length = request.find(kLength);
    return length > end || request.size() - end - 4 >= std::stoul(request.substr(length + kLength.size()));
  }
  void serve(const std::string& answer) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    if (reads_ == Reads::Nothing) return answerUnread(fd, answer);
    char piece[4096];
    for (std::string request; !isWhole(request);) {
      const ssize_t count = ::recv(fd, piece, sizeof piece, 0);
      if (count <= 0) break;
      request.append(piece, static_cast<std::size_t>(count));
    }
    (void)::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
    ::close(fd);
  }

  static void answerUnread(int fd, const std::string& answer) {
    ::shutdown(fd, SHUT_RD);
    (void)::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
    pollfd untilClientIsGone{fd, 0, 0};
    ::poll(&untilClientIsGone, 1, -1);
    ::close(fd);
  }

  std::vector<std::string> answers_;
  Reads reads_;
  fs::path folder_;
  int listener_ = -1;
  std::thread thread_;
};

std::string pong(const std::string& version) {
  return "HTTP/1.1 200 OK\r\nApi-Version: " + version + "\r\nContent-Length: 2\r\n\r\nOK";
}

TEST(EngineFailure, AnEngineFromBefore2017IsTooOld) {
  const ScriptedEngine old({pong("1.24")});
  auto engine = old.connect();
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, "docker/engine-too-old");
  EXPECT_NE(engine.error().message.find("it says \"1.24\""), std::string::npos) << engine.error().message;
}

TEST(EngineFailure, AnAnswerThatBreaksOffIsALostConnection) {
  const ScriptedEngine breaking(
      {pong("1.41"), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{\"Id\": \"half"});
  auto engine = breaking.connect();
  ASSERT_TRUE(engine) << engine.error().message;
  auto answer = engine->get(Target("/info"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "docker/connection-lost");
  EXPECT_EQ(answer.error().kind, ErrorKind::Unavailable);
}

TEST(EngineFailure, AnEngineThatTakesNoRequestIsHeardNevertheless) {
  const ScriptedEngine refusing({pong("1.41"),
                                 "HTTP/1.1 400 Bad Request\r\nContent-Length: 23\r\n\r\n"
                                 "{\"message\":\"too large\"}"},
                                ScriptedEngine::Reads::Nothing);
  auto engine = refusing.connect();
  ASSERT_TRUE(engine) << engine.error().message;
  auto answer = engine->post(Target("/containers/create"), Json{{"Image", std::string(4'000'000, 'x')}});
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().message.find("refused: too large"), std::string::npos) << answer.error().message;
}

TEST(EngineFailure, AnAnswerShorterThanItsLengthIsALostConnection) {
  for (const char* body : {"", "{\"Id\": \"half"}) {
    const ScriptedEngine breaking(
        {pong("1.41"), std::string("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n") + body});
    auto engine = breaking.connect();
    ASSERT_TRUE(engine) << engine.error().message;
    auto answer = engine->get(Target("/info"));
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().code, "docker/connection-lost") << body;
    EXPECT_NE(answer.error().message.find("before its answer was whole"), std::string::npos);
  }
}

TEST(EngineFailure, AnAnswerWithoutALengthEndsWithItsConnection) {
  const ScriptedEngine plain({pong("1.41"), "HTTP/1.1 200 OK\r\n\r\n{\"Id\": \"whole\"}"});
  auto answer = plain.connect()->get(Target("/info"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(textAt(*answer, "Id"), "whole");
}

TEST(EngineFailure, AnEngineThatRefusesThePingIsToldWithItsReason) {
  const ScriptedEngine ill(
      {"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 25\r\n\r\n"
       "{\"message\":\"starting up\"}"});
  auto engine = ill.connect();
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, "docker/engine-error");
  EXPECT_NE(engine.error().message.find("503: starting up"), std::string::npos) << engine.error().message;
}

std::string ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(EngineFailure, FieldsOfAnotherTypeAreTakenForMissing) {
  const ScriptedEngine odd({pong("1.41"), ok(R"({"Id":"1","Name":null,"RestartCount":"x",
      "State":{"Running":"yes","ExitCode":null,"Health":[]},"Config":{"Labels":{"a":1}},
      "NetworkSettings":{"Networks":{"n":7},"Ports":{"80/tcp":[7]}}})")});
  auto engine = odd.connect();
  ASSERT_TRUE(engine) << engine.error().message;
  auto found = findContainer(*engine, "1");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ((*found)->id, "1");
  EXPECT_FALSE((*found)->running);
}

TEST(EngineFailure, AnExitCodeIsAskedForUntilTheProgramHasEnded) {
  const std::string created = ok(R"({"Id":"e"})");
  const ScriptedEngine slow({pong("1.41"), created, "HTTP/1.1 101 UPGRADED\r\n\r\n",
                             ok(R"({"Running":true,"ExitCode":null})"),
                             ok(R"({"Running":false,"ExitCode":7})")});
  auto engine = slow.connect();
  ASSERT_TRUE(engine) << engine.error().message;
  auto ran = runInContainer(*engine, "1", {"true"});
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->exitCode, 7);
}

TEST(EngineFailure, ANameThatNobodyKnowsIsToldAsSuch) {
  auto engine = Engine::connect(*parseEngineAddress("tcp://no name:2375", "test"), -1);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().message.find("No route"), std::string::npos) << engine.error().message;
  EXPECT_NE(engine.error().message.find("no name: "), std::string::npos) << engine.error().message;
}

// A listener of a unix socket that takes nobody, its queue being full already.
class BusySocket {
 public:
  BusySocket() {
    std::string name = (fs::temp_directory_path() / "cairn-busy-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    fds_.push_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::bind(fds_[0], reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fds_[0], 0), 0);
    do fds_.push_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    while (::connect(fds_.back(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    EXPECT_EQ(errno, EAGAIN);
  }
  ~BusySocket() {
    for (int fd : fds_) ::close(fd);
    fs::remove_all(folder_);
  }
  std::string path() const { return folder_ / "docker.sock"; }

 private:
  fs::path folder_;
  std::vector<int> fds_;
};

TEST(EngineFailure, ASocketWhoseQueueIsFullIsNotTakenForConnected) {
  const BusySocket busy;
  const int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  const itimerspec soon{{}, {0, 100'000'000}};
  ::timerfd_settime(timer, 0, &soon, nullptr);
  auto engine = Engine::connect(*parseEngineAddress("unix://" + busy.path(), "test"), timer);
  ::close(timer);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().kind, ErrorKind::Cancelled) << engine.error().message;
}

// A port of this machine where nobody listens, but which nobody else can get either.
class ReservedPort {
 public:
  ReservedPort() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    socklen_t size = sizeof address_;
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address_), size), 0);
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address_), &size), 0);
  }
  ~ReservedPort() { ::close(fd_); }
  void listen() const { EXPECT_EQ(::listen(fd_, 1), 0); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }

 private:
  int fd_;
  sockaddr_in address_{AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {}};
};

TEST(Probe, TellsWhyThereWasNoAnswer) {
  const ReservedPort port;
  EXPECT_NE(probeHttp(port.url(), "/", -1).find("nothing listens there"), std::string::npos)
      << probeHttp(port.url(), "/", -1);
}

TEST(Probe, WorksAlsoWhereTheEngineIsToBeAskedWithTls) {
  const ReservedPort port;
  port.listen();
  ::setenv("DOCKER_TLS_VERIFY", "1", 1);
  EXPECT_EQ(probeTcp(port.url(), -1), "");
  auto engine = findEngine("tcp://10.0.0.2:2376");
  ::unsetenv("DOCKER_TLS_VERIFY");
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, "docker/bad-host");
}

TEST(EngineFailure, AnAnswerThatIsNoJsonNamesWhatWasAsked) {
  const ScriptedEngine odd({pong("1.41"), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"});
  auto engine = odd.connect();
  ASSERT_TRUE(engine) << engine.error().message;
  auto answer = engine->get(Target("/info"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "docker/engine-error");
  EXPECT_NE(answer.error().message.find("/info"), std::string::npos) << answer.error().message;
}

// Listens at the address of `url` as long as it lives.
class TakenPort {
 public:
  explicit TakenPort(const std::string& url) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    const sockaddr_in address{AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}, {}};
    const int yes = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    EXPECT_TRUE(eventually(
        [&] { return ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0; }));
    EXPECT_EQ(::listen(fd_, 1), 0);
  }
  ~TakenPort() { ::close(fd_); }

 private:
  int fd_;
};

class DockerFailure : public DockerTest {
 protected:
  Engine engine() {
    auto out = Engine::connect(*parseEngineAddress(docker_->host(), "test"), -1);
    if (!out) throw std::runtime_error(out.error().message);
    return *out;
  }
  void ask(const std::string& method, const std::string& target) {
    auto done = engine().stream({.method = method, .target = target}, [](std::string_view) {});
    ASSERT_TRUE(done) << done.error().message;
  }
  Result<int> exec(const Owned<wire::Deployment>& deployment) {
    return harness_->call(Op::EXEC).input(deployment).arguments({"true"}).result<int>();
  }
  // Whose programs the test may change.
  void bundleOfOurOwn() {
    const fs::path program = fs::path(CAIRN_BUILD_ROOT) / "lib/cairn/plugins/docker/cairn-proxy";
    fs::create_directory(folder_ / "bundle");
    fs::copy_file(program, folder_ / "bundle" / "cairn-proxy");
    harness_->setBundleDir(folder_ / "bundle");
  }
  Result<Owned<wire::Release>> release(const Owned<wire::Deployment>& deployment) {
    return harness_->call(Op::RELEASE).input(deployment).journal("r1").result<wire::Release>();
  }
};

TEST_F(DockerFailure, ANameThatIsTakenIsAConflict) {
  const Json network = {{"Name", "backbone"}, {"CheckDuplicate", true}};
  ASSERT_TRUE(engine().post(Target("/networks/create"), network));
  auto again = engine().post(Target("/networks/create"), network);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "docker/conflict");
  EXPECT_NE(again.error().message.find("backbone"), std::string::npos) << again.error().message;
}

TEST_F(DockerFailure, WhatTheEngineDoesNotHaveIsNotFound) {
  auto found = engine().get(Target("/containers/nobody/json"));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "docker/not-found");
  EXPECT_NE(found.error().message.find("nobody"), std::string::npos) << found.error().message;
}

TEST_F(DockerFailure, AContainerThatSomebodyRemovedIsGone) {
  auto deployment = deployed(app("one"), 1);
  ask("DELETE", "/containers/" + text(deployment->getContainerId()) + "?force=1");
  auto code = exec(deployment);
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().code, "docker/container-gone");
  auto logs = harness_->call(Op::LOGS).input(deployment).logs({.tail = 5}).result<void>();
  ASSERT_FALSE(logs);
  EXPECT_EQ(logs.error().code, "docker/container-gone");
}

TEST_F(DockerFailure, InAContainerThatSomebodyStoppedNothingRunsAndNothingServes) {
  auto deployment = deployed(app("one"), 1);
  ask("POST", "/containers/" + text(deployment->getContainerId()) + "/stop?t=1");
  auto code = exec(deployment);
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().code, "docker/not-running");
  EXPECT_NE(code.error().detail.find("is not running"), std::string::npos) << code.error().detail;
  auto released = release(deployment);
  ASSERT_FALSE(released);
  EXPECT_EQ(released.error().code, "docker/not-running");
}

TEST_F(DockerFailure, ArgumentsThatAreNoUtf8AreNamed) {
  auto deployment = deployed(app("one"), 1);
  auto code = harness_->call(Op::EXEC).input(deployment).arguments({"echo", "\xff"}).result<int>();
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().code, "docker/not-utf8");
  EXPECT_EQ(code.error().kind, ErrorKind::Config);
  EXPECT_NE(code.error().message.find("argument 2"), std::string::npos) << code.error().message;
}

TEST_F(DockerFailure, AProxyThatDoesNotSayWhatItServesStays) {
  auto released = release(deployed(app("one"), 1));
  ASSERT_TRUE(released) << released.error().message;
  const std::string proxy = "/containers/" + text((*released)->getProxyId());
  ask("POST", proxy + "/pause");
  auto destroyed = harness_->call(Kind::RELEASER, Op::DESTROY).input(*released).journal("r1").result<void>();
  ASSERT_FALSE(destroyed);
  EXPECT_NE(destroyed.error().message.find("does not say which release it serves"), std::string::npos)
      << destroyed.error().message;
  EXPECT_EQ(docker_->containers().size(), 2u);
  ask("POST", proxy + "/unpause");
  EXPECT_TRUE(harness_->call(Kind::RELEASER, Op::DESTROY).input(*released).journal("r1").result<void>());
}

TEST_F(DockerFailure, APortThatSomebodyTookWhileTheProxyWasAwayIsGivenUpWithAWarning) {
  auto deployment = deployed(app("one"), 1);
  auto first = release(deployment);
  ASSERT_TRUE(first) << first.error().message;
  ask("DELETE", "/containers/" + text((*first)->getProxyId()) + "?force=1");
  const TakenPort taken(text((*first)->getUrl()));
  auto second = release(deployment);
  ASSERT_TRUE(second) << second.error().message << second.error().detail;
  EXPECT_NE(text((*second)->getUrl()), text((*first)->getUrl()));
  EXPECT_EQ(httpGet(text((*second)->getUrl()) + "/").body, "one\n");
  ASSERT_FALSE(harness_->record().logs.empty());
  EXPECT_NE(harness_->record().logs.back().second.find("is taken by another program"), std::string::npos);
}

TEST_F(DockerFailure, AProxyOfAnotherVersionIsReplacedAndKeepsItsAddress) {
  bundleOfOurOwn();
  auto deployment = deployed(app("one"), 1);
  auto first = release(deployment), same = release(deployment);
  ASSERT_TRUE(first && same);
  EXPECT_EQ(text((*same)->getProxyId()), text((*first)->getProxyId()));
  std::ofstream(folder_ / "bundle" / "cairn-proxy", std::ios::app)
      << "behind the program, which runs as before";
  auto newer = release(deployment);
  ASSERT_TRUE(newer) << newer.error().message << newer.error().detail;
  EXPECT_NE(text((*newer)->getProxyId()), text((*first)->getProxyId()));
  EXPECT_EQ(text((*newer)->getUrl()), text((*first)->getUrl()));
  EXPECT_EQ(httpGet(text((*newer)->getUrl()) + "/").body, "one\n");
}

TEST_F(DockerFailure, WhereTheProxysSuccessorDoesNotStartTheOldOneServesOn) {
  bundleOfOurOwn();
  auto deployment = deployed(app("one"), 1);
  auto first = release(deployment);
  ASSERT_TRUE(first) << first.error().message;
  fs::copy_file("/bin/busybox", folder_ / "bundle" / "cairn-proxy", fs::copy_options::overwrite_existing);
  auto second = release(deployment);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "docker/proxy-failed");
  EXPECT_EQ(httpGet(text((*first)->getUrl()) + "/").body, "one\n");
  EXPECT_EQ(docker_->containers().size(), 2u);
}

TEST_F(DockerFailure, AProxyWhoseReplacementWasCutShortServesAgain) {
  auto deployment = deployed(app("one"), 1);
  auto first = release(deployment);
  ASSERT_TRUE(first) << first.error().message;
  const std::string name = text((*first)->getProxyName());
  auto container = engine().get(Target("/containers/" + name + "/json"));
  ASSERT_TRUE(container) << container.error().message;
  ASSERT_TRUE(createContainer(engine(), successorOf(name), {{"Image", textAt(*container, "Image")}}));
  ASSERT_TRUE(stopContainer(engine(), name, 5));
  auto second = release(deployment);
  ASSERT_TRUE(second) << second.error().message << second.error().detail;
  EXPECT_EQ(text((*second)->getProxyId()), text((*first)->getProxyId()));
  EXPECT_EQ(httpGet(text((*first)->getUrl()) + "/").body, "one\n");
  EXPECT_EQ(docker_->containers().size(), 2u);
}

TEST_F(DockerFailure, AReplacementThatWasCutShortAndCanNotBeTakenBackGoesWithTheProxy) {
  auto first = release(deployed(app("one"), 1));
  ASSERT_TRUE(first) << first.error().message;
  const std::string name = text((*first)->getProxyName());
  auto container = engine().get(Target("/containers/" + name + "/json"));
  ASSERT_TRUE(container) << container.error().message;
  ASSERT_TRUE(createContainer(engine(), successorOf(name), {{"Image", textAt(*container, "Image")}}));
  ASSERT_TRUE(stopContainer(engine(), name, 5));
  const TakenPort taken(text((*first)->getUrl()));
  auto destroyed = harness_->call(Kind::RELEASER, Op::DESTROY).input(*first).journal("r1").result<void>();
  EXPECT_TRUE(destroyed) << destroyed.error().message;
  EXPECT_EQ(docker_->containers().size(), 1u);
}

TEST_F(DockerFailure, WithoutItsProxyNothingIsReleased) {
  harness_->setBundleDir(folder_);
  auto released = release(deployed(app("one"), 1));
  ASSERT_FALSE(released);
  EXPECT_EQ(released.error().code, "docker/proxy-missing");
  EXPECT_NE(released.error().message.find((folder_ / "cairn-proxy").string()), std::string::npos);
}

TEST_F(DockerFailure, AProxyThatDoesNotStartIsToldWithItsLogAndLeavesNothing) {
  fs::copy_file("/bin/busybox", folder_ / "cairn-proxy");
  harness_->setBundleDir(folder_);
  auto released = release(deployed(app("one"), 1));
  ASSERT_FALSE(released);
  EXPECT_EQ(released.error().code, "docker/proxy-failed");
  EXPECT_NE(released.error().detail.find("applet not found"), std::string::npos) << released.error().detail;
  EXPECT_EQ(docker_->containers().size(), 1u);
}

}  // namespace
}  // namespace cairn::plugins::docker
