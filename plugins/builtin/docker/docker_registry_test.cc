#include "docker_test_support.h"

namespace cairn::plugins::docker {
namespace {

using cairn::testing::PrivateRegistry;

class DockerRegistryTest : public DockerTest {
 protected:
  void SetUp() override {
    if (const std::string reason = PrivateRegistry::missing(); !reason.empty()) GTEST_SKIP() << reason;
    DockerTest::SetUp();
  }
  Result<Owned<cairn::wire::OciImage>> push(const Owned<cairn::wire::DockerImage>& image,
                                            const Owned<wire::RegistrySettings>& settings) {
    return harness_->call(Op::PUSH)
        .input(image)
        .input(source())
        .settings(settings)
        .result<cairn::wire::OciImage>();
  }
};

TEST_F(DockerRegistryTest, PushesAndBringsTheImageBackByItsDigest) {
  PrivateRegistry registry;
  auto image = app("hello");
  Owned<wire::RegistrySettings> settings;
  settings->setImage(registry.address() + "/shop/web");
  settings->setTag("v1");
  auto pushed = push(image, settings);
  ASSERT_TRUE(pushed) << pushed.error().message;
  EXPECT_EQ(text((*pushed)->getReference()), registry.address() + "/shop/web:v1");
  EXPECT_EQ(text((*pushed)->getDigest()).substr(0, 7), "sha256:");

  // An engine that has never seen it.
  PrivateDocker other;
  ::setenv("DOCKER_HOST", other.host().c_str(), 1);
  auto back = harness_->map("oci.Image-to-docker.Image").input(*pushed).result<cairn::wire::DockerImage>();
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(text((*back)->getId()), text(image->getId()));
}

TEST_F(DockerRegistryTest, NeedsTheRightPassword) {
  PrivateRegistry registry("joe", "secret word");
  auto image = app("hello");
  Owned<wire::RegistrySettings> settings;
  settings->setImage(registry.address() + "/web");
  auto anonymous = push(image, settings);
  ASSERT_FALSE(anonymous);
  EXPECT_EQ(anonymous.error().code, "docker/push-failed");
  EXPECT_NE(anonymous.error().hint.find("docker login"), std::string::npos);

  settings->setUsername("joe");
  settings->setPassword("secret word");
  auto known = push(image, settings);
  ASSERT_TRUE(known) << known.error().message;
  EXPECT_EQ(text((*known)->getReference()), registry.address() + "/web:latest");

  // As `docker login` writes it.
  std::ofstream(folder_ / "config.json")
      << R"({"auths":{")" << registry.address() << R"(":{"auth":"am9lOnNlY3JldCB3b3Jk"}}})";
  Owned<wire::RegistrySettings> plain;
  plain->setImage(registry.address() + "/web");
  auto loggedIn = push(image, plain);
  EXPECT_TRUE(loggedIn) << loggedIn.error().message;
}

TEST_F(DockerRegistryTest, OnlyTagsWhatIsLocal) {
  auto image = app("hello");
  Owned<wire::RegistrySettings> settings;
  settings->setImage("registry.test/web");
  settings->setLocal(true);
  auto tagged = push(image, settings);
  ASSERT_TRUE(tagged) << tagged.error().message;
  auto back = harness_->map("oci.Image-to-docker.Image").input(*tagged).result<cairn::wire::DockerImage>();
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(text((*back)->getId()), text(image->getId()));
}

TEST_F(DockerRegistryTest, TellsAMissingImageFromAnUnreachableRegistry) {
  Owned<wire::PullSettings> settings;
  settings->setImage("127.0.0.1:1/web:v1");
  settings->setPolicy(wire::PullSettings::Policy::NEVER);
  auto never = harness_->call(Op::BUILD)
                   .component("docker-pull")
                   .settings(settings)
                   .result<cairn::wire::DockerImage>();
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code, "docker/image-not-found");
  settings->setPolicy(wire::PullSettings::Policy::ALWAYS);
  auto always = harness_->call(Op::BUILD)
                    .component("docker-pull")
                    .settings(settings)
                    .result<cairn::wire::DockerImage>();
  ASSERT_FALSE(always);
  EXPECT_EQ(always.error().code, "docker/pull-failed");
}

}  // namespace
}  // namespace cairn::plugins::docker
