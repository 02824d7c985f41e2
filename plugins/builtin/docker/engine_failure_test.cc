// What is told of an engine that does not answer as it should.

#include "container_exec.h"
#include "containers.h"
#include "docker_test_support.h"
#include "engine.h"
#include "json_fields.h"
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

}  // namespace
}  // namespace cairn::plugins::docker
