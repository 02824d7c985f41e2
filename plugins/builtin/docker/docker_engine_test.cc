#include "docker_test_support.h"

namespace cairn::plugins::docker {
namespace {

using DockerBuild = DockerTest;

TEST(DockerEngine, SaysThatThereIsNoSocket) {
  cairn::testing::PluginHarness harness(plugin());
  Owned<wire::PullSettings> settings;
  settings->setImage("web");
  settings->setHost("unix:///nowhere/docker.sock");
  auto pulled =
      harness.call(Op::BUILD).component("docker-pull").settings(settings).result<cairn::wire::DockerImage>();
  ASSERT_FALSE(pulled);
  EXPECT_EQ(pulled.error().code, "docker/unreachable");
  EXPECT_NE(pulled.error().message.find("unix:///nowhere/docker.sock (setting host): no such socket"),
            std::string::npos);
}

TEST_F(DockerBuild, ShowsEachStepAndAnswersTheImage) {
  writeApp("hello");
  auto image = buildImage();
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(text((*image)->getReference()), "cairn/shop/web:latest");
  EXPECT_EQ(text((*image)->getId()).substr(0, 7), "sha256:");
  ASSERT_GE(harness_->record().steps.size(), 5u);
  EXPECT_EQ(harness_->record().steps[0].title, "1/7 FROM scratch");
  // Ids of layers and of containers that are gone again help nobody.
  EXPECT_EQ(harness_->record().out.find("Running in"), std::string::npos) << harness_->record().out;
  ASSERT_TRUE(buildImage());
  EXPECT_NE(harness_->record().steps.back().title.find("(cached)"), std::string::npos);
}

TEST_F(DockerBuild, EndsWithTheOutputsEndWhenAStepFails) {
  cairn::testing::writeBusyboxContext(folder_ / "shop" / "web",
                                      "ARG WHAT\nRUN echo \"no $WHAT here\"; exit 3\n");
  Owned<wire::BuildSettings> settings;
  auto args = settings->initBuildArgs(1);
  args[0].setName("WHAT");
  args[0].setValue("luck");
  auto image = buildImage(settings);
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, "docker/build-failed");
  EXPECT_NE(image.error().message.find("returned a non-zero code: 3"), std::string::npos)
      << image.error().message;
  EXPECT_EQ(image.error().detail, "Step 5/6 : RUN echo \"no $WHAT here\"; exit 3\nno luck here\n");
}

TEST_F(DockerBuild, IsReportedWhereTheDockerfileMakesNoSense) {
  cairn::testing::writeBusyboxContext(folder_ / "shop" / "web", "NONSENSE\n");
  auto image = buildImage();
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, "docker/build-failed");
}

TEST_F(DockerBuild, StopsWhenItIsCancelled) {
  cairn::testing::writeBusyboxContext(folder_ / "shop" / "web", "RUN echo begun; sleep 600\n");
  Owned<cairn::wire::Labels> labels;
  auto running = harness_->call(Op::BUILD).input(source()).input(labels).start();
  ASSERT_TRUE(eventually([&] { return harness_->record().out.find("begun") != std::string::npos; }));
  running.cancel();
  auto image = running.result<cairn::wire::DockerImage>();
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().kind, ErrorKind::Cancelled);
}

TEST_F(DockerBuild, LeavesWhatIsIgnoredBehind) {
  cairn::testing::writeBusyboxContext(folder_ / "shop" / "web",
                                      "COPY . /all\nRUN test ! -e /all/secret && test -e /all/kept.txt\n");
  std::ofstream(folder_ / "shop/web/.dockerignore") << "secret\n*.txt\n!kept.txt\n";
  std::ofstream(folder_ / "shop/web/secret") << "s";
  std::ofstream(folder_ / "shop/web/kept.txt") << "k";
  auto image = buildImage();
  EXPECT_TRUE(image) << image.error().message;
}

}  // namespace
}  // namespace cairn::plugins::docker
