// What is told, and done, about things in an engine that somebody else took away, stopped or cut short.

#include "container_exec.h"
#include "containers.h"
#include "docker_test_support.h"
#include "engine.h"
#include "json_fields.h"
#include "proxy_succession.h"

#include <nlohmann/json.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cairn::plugins::docker {
namespace {

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
