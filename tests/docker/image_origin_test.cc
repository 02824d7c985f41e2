// Where an image may come from: a plugin that knows no Docker, a registry, a builder without a registry
// behind it.

#include "tests/docker/docker_house.h"

namespace cairn::testing {
namespace {

using ImageOrigin = DockerHouse;

TEST_F(ImageOrigin, APackedImageReachesTheRegistryThroughAPluginThatOnlyMaps) {
  house_->copy(CAIRN_BUILD_ROOT "/examples/hello-server", "web/hello-server");
  house_->write("cairn.toml", R"(
project = "shop"
[app.web]
path = "./web"
[app.web.build]
use = "pack"
command = ["/app/hello-server"]
env = { HOST = "0.0.0.0" }
port = 8080
[app.web.registry]
use = "docker"
image = ")" + registry_->address() +
                                  R"(/shop/web"
[app.web.deploy]
use = "docker"
probe = { path = "/" }
[app.web.release]
use = "docker"
)");
  const Ran up = cairn({"up"});
  ASSERT_EQ(up.code, 0) << up.all();
  EXPECT_EQ(answerOf("web"), "Hello\n");
  const std::string artifact = cairn({"artifact", "show", "1", "--app", "web"}).out;
  EXPECT_NE(artifact.find("pack-docker@0.1.0/"), std::string::npos) << artifact;
  expectNothingIsLeftAfterDestroy();
}

TEST_F(ImageOrigin, AnImageMadeElsewhereIsDeployedWithoutABuild) {
  writeServer("web", "made elsewhere");
  const std::string image = registry_->address() + "/team/web";
  house_->write("cairn.toml", R"(
project = "elsewhere"
[app.web]
path = "./web"
[app.web.build]
use = "docker"
[app.web.registry]
use = "docker"
image = ")" + image + R"("
tag = "1"
)");
  for (const char* stage : {"build", "push"}) {
    const Ran made = cairn({stage});
    ASSERT_EQ(made.code, 0) << made.all();
  }

  house_->write("cairn.toml", R"(
project = "shop"
[app.web]
[app.web.build]
use = "docker-pull"
image = ")" + image + R"(:1"
policy = "always"
[app.web.deploy]
use = "docker"
probe = { path = "/" }
[app.web.release]
use = "docker"
)");
  const Ran up = cairn({"up"});
  ASSERT_EQ(up.code, 0) << up.all();
  EXPECT_EQ(answerOf("web"), "made elsewhere\n");
  expectNothingIsLeftAfterDestroy();
}

TEST_F(ImageOrigin, NoRegistryIsNeededWhereTheEngineBuiltTheImageItself) {
  writeServer("web", "not pushed");
  house_->write("cairn.toml", R"(
project = "shop"
[app.web]
path = "./web"
[app.web.build]
use = "docker"
[app.web.deploy]
use = "docker"
probe = { path = "/" }
)");
  const Ran up = cairn({"up"});
  ASSERT_EQ(up.code, 0) << up.all();
  EXPECT_EQ(answerOf("web"), "not pushed\n");
  expectNothingIsLeftAfterDestroy();
}

}  // namespace
}  // namespace cairn::testing
