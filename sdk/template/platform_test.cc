#include "platform.h"

#include <cairn/testing/plugin_harness.h>

#include <gtest/gtest.h>

#include <fstream>

namespace cairn::plugins::@NAMESPACE@ {
namespace {

using testing::Op;

class Platform : public ::testing::Test {
 protected:
  Platform() {
    auto root = harness_.dataDir();
    std::filesystem::create_directories(root / "files");
    std::ofstream(root / "files/index.html") << "hello";
    files_->setPath((root / "files").string());
    settings_->setTarget((root / "target").string());
    config_->setShortId("0123456789ab");
  }
  Result<Owned<Deployment>> deploy() {
    return harness_.call(Op::DEPLOY).settings(settings_).input(files_).input(config_).result<Deployment>();
  }

  testing::PluginHarness harness_{plugin()};
  Owned<wire::FilesDirectory> files_;
  Owned<wire::DeploymentConfig> config_;
  Owned<Settings> settings_;
};

TEST_F(Platform, DeployCopiesTheFiles) {
  auto deployment = deploy();
  ASSERT_TRUE(deployment);
  const std::filesystem::path folder = deployment->reader().getFolder().cStr();
  EXPECT_TRUE(std::filesystem::exists(folder / "index.html"));
}

TEST_F(Platform, RefusesFilesThatAreNotWhatWasBuilt) {
  files_->setDigest("sha256:of other files");
  auto refused = deploy();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Refused);
}

TEST_F(Platform, DestroyRemovesAllThatDeployMade) {
  ASSERT_TRUE(deploy());
  ASSERT_TRUE(harness_.call(Op::DESTROY).emptyInput().result<void>());
  EXPECT_TRUE(std::filesystem::is_empty(harness_.dataDir() / "target"));
  EXPECT_TRUE(harness_.record().resources[0].removed);
}

TEST_F(Platform, DestroyDoesWellWhenThereIsNothing) {
  EXPECT_TRUE(harness_.call(Op::DESTROY).emptyInput().result<void>());
}

}  // namespace
}  // namespace cairn::plugins::@NAMESPACE@
