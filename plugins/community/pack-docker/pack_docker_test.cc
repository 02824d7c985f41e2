#include "pack_docker.h"

#include <cairn/testing/plugin_harness.h>

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>

namespace cairn::plugins::pack_docker {
namespace {

// Answers as many connections as there are answers, one after the other, and keeps what was asked.
class AnsweringSocket {
 public:
  enum class Reads { All, HeadAlone };  // HeadAlone: answers before the body has come, and hangs up

  AnsweringSocket(const std::filesystem::path& path, std::vector<std::string> answers,
                  Reads reads = Reads::All)
      : reads_(reads) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path.c_str());
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    thread_ = std::thread([this, answers = std::move(answers)] {
      for (auto& answer : answers) serve(answer);
    });
  }
  ~AnsweringSocket() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::vector<std::string> firstLines;

 private:
  void serve(const std::string& answer) {
    int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    std::string request;
    char buffer[4096];
    while (request.find("\r\n\r\n") == request.npos) {
      auto count = ::recv(fd, buffer, sizeof buffer, 0);
      if (count <= 0) break;
      request.append(buffer, count);
    }
    firstLines.push_back(request.substr(0, request.find("\r\n")));
    std::string response =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(answer.size()) +
        "\r\n\r\n" + answer;
    (void)::send(fd, response.data(), response.size(), MSG_NOSIGNAL);
    ::shutdown(fd, SHUT_WR);
    while (reads_ == Reads::All && ::recv(fd, buffer, sizeof buffer, 0) > 0) {
    }
    ::close(fd);
  }
  const Reads reads_;
  int listener_;
  std::thread thread_;
};

class PackDocker : public ::testing::Test {
 protected:
  PackDocker() {
    std::filesystem::create_directories(harness_.dataDir());
    socket_ = harness_.dataDir() / "docker.sock";
    ::setenv("DOCKER_HOST", ("unix://" + socket_.string()).c_str(), 1);
    auto archive = harness_.dataDir() / "image.tar";
    std::ofstream(archive) << std::string(1000, 'x');
    image_->setPath(archive.string());
    image_->setReference("pack/web:1");
  }
  ~PackDocker() override { ::unsetenv("DOCKER_HOST"); }
  Result<Owned<wire::DockerImage>> load() {
    return harness_.map("pack.Image-to-docker.Image").input(image_).result<wire::DockerImage>();
  }

  testing::PluginHarness harness_{plugin()};
  std::filesystem::path socket_;
  Owned<pack::Image> image_;
};

TEST_F(PackDocker, AsksTheEngineToLoadAndThenForTheId) {
  std::vector<std::string> asked;
  {
    AnsweringSocket engine(socket_,
                           {"{\"stream\":\"Loaded image: pack/web:1\"}\n", "{\"Id\":\"sha256:abc\"}"});
    auto image = load();
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_STREQ(image->reader().getId().cStr(), "sha256:abc");
    EXPECT_STREQ(image->reader().getReference().cStr(), "pack/web:1");
    asked = engine.firstLines;
  }
  EXPECT_EQ(asked, (std::vector<std::string>{"POST /images/load?quiet=1 HTTP/1.1",
                                             "GET /images/pack/web:1/json HTTP/1.1"}));
}

TEST_F(PackDocker, FailureInTheLinesOfTheAnswerIsTold) {
  AnsweringSocket engine(socket_, {"{\"errorDetail\":{},\"error\":\"invalid tar header\"}\n"});
  auto image = load();
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, "pack-docker/engine-refused");
  EXPECT_NE(image.error().message.find("invalid tar header"), std::string::npos);
}

TEST_F(PackDocker, WhyTheEngineHangsUpOnAnImageIsTold) {
  std::ofstream(harness_.dataDir() / "image.tar") << std::string(8 << 20, 'x');
  AnsweringSocket engine(socket_, {"{\"error\":\"no space left on device\"}\n"},
                         AnsweringSocket::Reads::HeadAlone);
  auto image = load();
  ASSERT_FALSE(image);
  EXPECT_NE(image.error().message.find("no space left on device"), std::string::npos)
      << image.error().message;
}

TEST_F(PackDocker, EngineThatIsNotThereIsUnavailable) {
  auto image = load();
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, "pack-docker/no-engine");
  EXPECT_EQ(image.error().kind, ErrorKind::Unavailable);
}

}  // namespace
}  // namespace cairn::plugins::pack_docker
