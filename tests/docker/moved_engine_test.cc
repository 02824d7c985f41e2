// An app that was moved to another engine: what it left in the first one is known there, and goes with a
// destroy.

#include "tests/docker/docker_house.h"

namespace cairn::testing {
namespace {

class MovedEngine : public DockerHouse {
 protected:
  void SetUp() override {
    DockerHouse::SetUp();
    if (!house_) return;
    other_ = std::make_unique<PrivateDocker>();
    writeServer("web", "one");
    house_->write("cairn.toml", R"(
project = "shop"
[app.web]
path = "./web"
[app.web.build]
use = "docker"
[app.web.deploy]
use = "docker"
probe = { path = "/" }
[app.web.release]
use = "docker"
)");
    up();
    house_->setEnvironment("DOCKER_HOST", other_->host());
    up();
  }
  void TearDown() override {
    DockerHouse::TearDown();
    other_.reset();
  }
  void up() {
    const Ran ran = cairn({"up"});
    ASSERT_EQ(ran.code, 0) << ran.all();
  }

  std::unique_ptr<PrivateDocker> other_;
};

TEST_F(MovedEngine, LeavesNothingInEitherOnceTheProjectIsDestroyed) {
  ASSERT_EQ(docker_->containers().size(), 2u);
  ASSERT_EQ(other_->containers().size(), 2u);
  house_->setEnvironment("DOCKER_HOST", "unix:///nowhere/docker.sock");
  expectNothingIsLeftAfterDestroy();
  EXPECT_EQ(other_->containers(), std::vector<std::string>());
  EXPECT_EQ(other_->networks(), std::vector<std::string>());
}

}  // namespace
}  // namespace cairn::testing
