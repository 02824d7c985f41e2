#pragma once
// A house with a Docker Engine and a registry of its own, and the example's server as an image to build.

#include "tests/support/cairn_house.h"
#include "tests/support/private_docker.h"

#include <gtest/gtest.h>

#include <memory>

namespace cairn::testing {

class DockerHouse : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // A Dockerfile with a shell and the example's server, which answers GET / with the folder's greeting.txt.
  void writeServer(const std::string& folder, const std::string& greeting);
  // The address of the released `app` answers GET / with this.
  std::string answerOf(const std::string& app) { return httpGet(house_->urlOf(app) + "/").body; }
  Ran cairn(const std::vector<std::string>& arguments, const std::string& input = {}) {
    return house_->cairn(arguments, input);
  }
  // Destroys the project; expects that no container, network, process and file is left of it.
  void expectNothingIsLeftAfterDestroy();

  std::unique_ptr<PrivateDocker> docker_;
  std::unique_ptr<PrivateRegistry> registry_;
  std::unique_ptr<CairnHouse> house_;
};

}  // namespace cairn::testing
