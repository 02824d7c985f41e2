// One file, three apps on three platforms, which share types only through mappers.

#include "tests/docker/docker_house.h"
#include "tests/support/release_under_load.h"

namespace cairn::testing {
namespace {

class ThreePlatforms : public DockerHouse {
 protected:
  void SetUp() override {
    DockerHouse::SetUp();
    if (!house_) return;
    writeServer("web", "one");
    house_->write("cairn.toml", R"(
project = "shop"

[app.api]
path = "./web"
[app.api.build]
use = "files"
[app.api.registry]
use = "files"
path = "api.tar.gz"
[app.api.deploy]
use = "local"
command = ["./hello-server"]
probe = { path = "/" }

[app.web]
path = "./web"
needs = ["api"]
[app.web.build]
use = "docker"
[app.web.registry]
use = "docker"
image = ")" + registry_->address() + R"(/shop/web"
[app.web.deploy]
use = "docker"
probe = { path = "/" }
[app.web.release]
use = "docker"

[app.report]
path = "./web"
needs = ["web"]
[app.report.build]
use = "docker"
[app.report.deploy]
use = "null"
[app.report.release]
use = "null"
)");
    const Ran up = cairn({"up"});
    ASSERT_EQ(up.code, 0) << up.all();
  }
};

TEST_F(ThreePlatforms, AreJoinedByMappersAndServeWhatWasBuilt) {
  EXPECT_EQ(answerOf("api"), "one\n");
  EXPECT_EQ(answerOf("web"), "one\n");
  EXPECT_NE(httpGet("http://" + registry_->address() + "/v2/shop/web/tags/list").body.find("\"latest\""),
            std::string::npos);
  const std::string history = cairn({"history"}).out;
  EXPECT_NE(history.find("oci.Image-to-docker.Image"), std::string::npos) << history;
  EXPECT_NE(history.find("cairn.Archive-to-cairn.FilesDirectory"), std::string::npos) << history;
  EXPECT_NE(history.find("docker.Image-to-null.Artifact"), std::string::npos) << history;

  const Ran logs = cairn({"logs", "--app", "web"});
  EXPECT_NE(logs.out.find("web v1 | GET /\n"), std::string::npos) << logs.all();
  EXPECT_EQ(cairn({"exec", "--app", "web", "--", "sh", "-c", "exit 7"}).code, 7);
  EXPECT_EQ(cairn({"exec", "--app", "web", "--", "cat"}, "what was typed\n").out, "what was typed\n");
  EXPECT_EQ(cairn({"exec", "--app", "api", "--", "sh", "-c", "exit 7"}).code, 7);
  EXPECT_EQ(cairn({"exec", "--app", "report", "--", "exit", "7"}).code, 7);
  expectNothingIsLeftAfterDestroy();
}

TEST_F(ThreePlatforms, SwitchADockerReleaseUnderLoadWithoutALostRequest) {
  expectNoRequestIsLost(*house_, "web/greeting.txt");
  expectNothingIsLeftAfterDestroy();
}

}  // namespace
}  // namespace cairn::testing
