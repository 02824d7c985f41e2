// What is told of an engine that does not answer as it should, and of things that somebody else took away.

#include "docker_test_support.h"
#include "engine.h"

#include <nlohmann/json.hpp>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <thread>

namespace cairn::plugins::docker {
namespace {

// Answers what no real engine can be brought to: one connection after the other, each with the next of
// `answers`, byte by byte as it is given here, and then hangs up.
class ScriptedEngine {
 public:
  explicit ScriptedEngine(std::vector<std::string> answers) : answers_(std::move(answers)) {
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
  void serve(const std::string& answer) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    char piece[4096];
    for (std::string request; request.find("\r\n\r\n") == request.npos;) {
      const ssize_t count = ::recv(fd, piece, sizeof piece, 0);
      if (count <= 0) break;
      request.append(piece, static_cast<std::size_t>(count));
    }
    (void)::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
    ::close(fd);
  }

  std::vector<std::string> answers_;
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

TEST(EngineFailure, AnAnswerThatIsNoJsonNamesWhatWasAsked) {
  const ScriptedEngine odd({pong("1.41"), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"});
  auto engine = odd.connect();
  ASSERT_TRUE(engine) << engine.error().message;
  auto answer = engine->get(Target("/info"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "docker/engine-error");
  EXPECT_NE(answer.error().message.find("/info"), std::string::npos) << answer.error().message;
}

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
