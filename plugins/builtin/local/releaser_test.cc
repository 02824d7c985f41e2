#include "releaser.h"

#include "descriptor.h"
#include "ports.h"
#include "test_support.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

namespace cairn::plugins::local {
namespace {

namespace fs = std::filesystem;
using Health = cairn::wire::Status::Health;

Descriptor listenOn(std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.get(), 8) != 0)
    return {};
  return socket;
}

class LocalReleaser : public LocalTest {
 protected:
  Owned<wire::Deployment> deployGreeting(int sequence) {
    files_.write("greeting.txt", "hello " + std::to_string(sequence) + "\n");
    return deploy(running({"./hello-server"}), sequence).value();
  }
  Result<Owned<wire::Release>> release(const Owned<wire::Deployment>& deployment, int number,
                                       std::uint16_t port = 0) {
    Owned<wire::ReleaserSettings> settings;
    settings->setPort(port);
    return harness_.call(Op::RELEASE)
        .settings(settings)
        .input(deployment)
        .journal(journal(number))
        .result<wire::Release>();
  }
  Result<void> close(const Owned<wire::Release>& release, int number) {
    return harness_.call(Kind::RELEASER, Op::DESTROY).input(release).journal(journal(number)).result<void>();
  }
  Owned<cairn::wire::Status> status(const Owned<wire::Release>& release) {
    return std::move(harness_.call(Kind::RELEASER, Op::STATUS).input(release).result<cairn::wire::Status>())
        .value();
  }
  // Whether the app of v<sequence> has printed it.
  bool hasLogged(int sequence, const std::string& text) const {
    std::ifstream log(harness_.dataDir() / "apps" / ("abc" + std::to_string(sequence)) / "app.log");
    return std::string(std::istreambuf_iterator<char>(log), {}).find(text) != std::string::npos;
  }
  static std::string journal(int number) { return "release-" + std::to_string(number); }
  int proxyPid() const {
    int pid = 0;
    for (const auto& entry : harness_.record().resources)
      if (entry.resource.name.starts_with("proxy-")) pid = std::stoi(entry.resource.id);
    return pid;
  }
};

TEST_F(LocalReleaser, SwitchesOneAddressBetweenDeploymentsAndBack) {
  const auto first = deployGreeting(1), second = deployGreeting(2);
  const auto one = release(first, 1).value();
  const std::string url = one.reader().getUrl();
  EXPECT_EQ(get(url).body, "hello 1\n");
  const auto two = release(second, 2).value();
  EXPECT_EQ(std::string(two.reader().getUrl()), url);
  EXPECT_EQ(get(url).body, "hello 2\n");
  const auto three = release(first, 3).value();
  EXPECT_EQ(get(url).body, "hello 1\n");
  EXPECT_TRUE(close(three, 3));
}

TEST_F(LocalReleaser, LosesNoRequestInASwitchUnderLoad) {
  const auto first = deployGreeting(1), second = deployGreeting(2);
  const auto one = release(first, 1).value();
  const std::string url = one.reader().getUrl();
  std::atomic<bool> enough{false};
  std::atomic<int> lost{0}, answered{0};
  std::thread slow([&] { lost += get(url, "/slow?ms=500").body != "hello 1\n"; });
  std::thread quick([&] {
    while (!enough) ++(get(url).status == 200 ? answered : lost);
  });
  EXPECT_TRUE(eventually([&] { return answered > 20 && hasLogged(1, "GET /slow"); }));
  const auto two = release(second, 2).value();
  EXPECT_TRUE(eventually([&, before = answered.load()] { return answered > before + 20; }));
  enough = true;
  slow.join();
  quick.join();
  EXPECT_EQ(lost, 0);
  EXPECT_TRUE(close(two, 2));
}

TEST_F(LocalReleaser, ALaterReleaseKeepsTheAddressWhenAnEarlierOneIsDestroyed) {
  const auto first = deployGreeting(1), second = deployGreeting(2);
  const auto one = release(first, 1).value();
  const auto two = release(second, 2).value();
  EXPECT_TRUE(close(one, 1));
  EXPECT_EQ(get(two.reader().getUrl()).body, "hello 2\n");
  EXPECT_EQ(status(one).reader().getHealth(), Health::GONE);
  EXPECT_EQ(status(two).reader().getHealth(), Health::READY);
  EXPECT_TRUE(close(two, 2));
  EXPECT_EQ(get(two.reader().getUrl()).status, 0);
  EXPECT_TRUE(fs::is_empty(harness_.dataDir() / "routes"));
}

TEST_F(LocalReleaser, ReplacesAProxyThatDiedOnTheSamePort) {
  const auto first = deployGreeting(1);
  const auto one = release(first, 1).value();
  ::kill(proxyPid(), SIGKILL);
  ASSERT_TRUE(eventually([&] { return status(one).reader().getHealth() == Health::DOWN; }));
  const auto two = release(first, 2).value();
  EXPECT_EQ(std::string(two.reader().getUrl()), std::string(one.reader().getUrl()));
  EXPECT_EQ(get(two.reader().getUrl()).body, "hello 1\n");
  EXPECT_TRUE(close(two, 2));
}

TEST_F(LocalReleaser, MovesToAPortThatIsSetLater) {
  const auto first = deployGreeting(1);
  const auto one = release(first, 1).value();
  std::uint16_t port = chooseFreePort().value();
  auto moved = release(first, 2, port);
  // Another program may take what is free before it is used.
  for (int tries = 0; !moved && moved.error().code == "local/port-in-use" && tries < 10; ++tries)
    moved = release(first, 2, port = chooseFreePort().value());
  const auto two = std::move(moved).value();
  EXPECT_EQ(get("http://127.0.0.1:" + std::to_string(port)).body, "hello 1\n");
  EXPECT_EQ(get(one.reader().getUrl()).status, 0);
  EXPECT_TRUE(close(two, 2));
}

TEST_F(LocalReleaser, NamesTheHolderOfTheWishedPortAndKeepsTheOldAddress) {
  const auto first = deployGreeting(1), second = deployGreeting(2);
  const auto one = release(first, 1).value();
  const auto refused = release(second, 2, second.reader().getPort());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "local/port-in-use");
  EXPECT_NE(refused.error().message.find("by web v2 of shop, workspace default (hello-server, pid "),
            std::string::npos)
      << refused.error().message;
  EXPECT_EQ(get(one.reader().getUrl()).body, "hello 1\n");
  EXPECT_TRUE(close(one, 1));
}

TEST_F(LocalReleaser, RefusesADeploymentThatDoesNotAnswer) {
  const auto first = deployGreeting(1);
  EXPECT_TRUE(destroy(first));
  EXPECT_EQ(release(first, 1).error().code, "local/not-running");
}

TEST_F(LocalReleaser, RefusesADeploymentWhosePortIsSomebodyElsesByNow) {
  const auto first = deployGreeting(1);
  EXPECT_TRUE(destroy(first));
  const Descriptor other = listenOn(first.reader().getPort());
  ASSERT_TRUE(other);
  EXPECT_EQ(release(first, 1).error().code, "local/not-running");
}

TEST_F(LocalReleaser, DestroysFromTheJournalAloneAfterACrash) {
  const auto first = deployGreeting(1);
  const auto one = release(first, 1).value();
  EXPECT_TRUE(harness_.call(Kind::RELEASER, Op::DESTROY).emptyInput().journal(journal(1)).result<void>());
  EXPECT_EQ(get(one.reader().getUrl()).status, 0);
}

}  // namespace
}  // namespace cairn::plugins::local
