#include "tests/docker/docker_house.h"

namespace cairn::testing {

void DockerHouse::SetUp() {
  for (const std::string& reason : {PrivateDocker::missing(), PrivateRegistry::missing()}) {
    if (!reason.empty()) GTEST_SKIP() << reason;
  }
  docker_ = std::make_unique<PrivateDocker>();
  registry_ = std::make_unique<PrivateRegistry>();
  house_ = std::make_unique<CairnHouse>();
  house_->setEnvironment("DOCKER_HOST", docker_->host());
}

void DockerHouse::TearDown() {
  house_.reset();
  registry_.reset();
  docker_.reset();
}

void DockerHouse::writeServer(const std::string& folder, const std::string& greeting) {
  writeBusyboxContext(house_->project() / folder,
                      "WORKDIR /app\nCOPY hello-server greeting.txt ./\nENV HOST=0.0.0.0\nEXPOSE 8080\nCMD "
                      "[\"./hello-server\"]\n");
  house_->copy(CAIRN_BUILD_ROOT "/examples/hello-server", folder + "/hello-server");
  house_->write(folder + "/greeting.txt", greeting + "\n");
}

void DockerHouse::expectNothingIsLeftAfterDestroy() {
  const Ran destroyed = cairn({"destroy", "--project", "--yes"});
  EXPECT_EQ(destroyed.code, 0) << destroyed.all();
  EXPECT_EQ(docker_->containers(), std::vector<std::string>());
  EXPECT_EQ(docker_->networks(), std::vector<std::string>());
  EXPECT_EQ(house_->leftBehind(), "");
}

}  // namespace cairn::testing
