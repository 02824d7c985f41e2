#include "null_plugin.h"

#include <null/null.capnp.h>

#include <cairn/testing/plugin_harness.h>
#include <cairn/types.capnp.h>

#include <gtest/gtest.h>

namespace cairn::plugins::null {
namespace {

using testing::Kind;
using testing::Op;
using testing::PluginHarness;

Owned<Image> anImage() {
  Owned<Image> image;
  image->setText("hello");
  return image;
}

Owned<Deployment> aDeployment() {
  Owned<Deployment> deployment;
  deployment->setText("hello");
  return deployment;
}

Owned<wire::DeploymentConfig> aConfig() {
  Owned<wire::DeploymentConfig> config;
  config->setShortId("0123456789ab");
  return config;
}

TEST(NullPlugin, BuildSaysTheSettingsText) {
  PluginHarness harness(plugin());
  Owned<Settings> settings;
  settings->setText("hello");

  auto build = harness.call(Op::BUILD).settings(settings).input(Owned<wire::SourceTree>()).result<Build>();

  ASSERT_TRUE(build);
  EXPECT_STREQ(build->reader().getText().cStr(), "hello");
  EXPECT_EQ(build->reader().getCounter(), 1u);
}

TEST(NullPlugin, BuildShowsAStepThatEndsAsDone) {
  PluginHarness harness(plugin());
  (void)harness.call(Op::BUILD).input(Owned<wire::SourceTree>()).result<Build>();
  auto steps = harness.record().steps;
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].title, "Building nothing");
  EXPECT_TRUE(steps[0].done);
}

TEST(NullPlugin, MapperCountsOnAndKeepsTheText) {
  PluginHarness harness(plugin());
  Owned<Build> build;
  build->setText("hello");
  build->setCounter(1);

  auto artifact = harness.map("null.Build-to-null.Artifact").input(build).result<Artifact>();

  ASSERT_TRUE(artifact);
  EXPECT_STREQ(artifact->reader().getText().cStr(), "hello");
  EXPECT_EQ(artifact->reader().getCounter(), 2u);
}

TEST(NullPlugin, FailureIsToldWithCodeHintAndSetting) {
  PluginHarness harness(plugin());
  Owned<Settings> settings;
  settings->setFail("no luck");

  auto build = harness.call(Op::BUILD).settings(settings).input(Owned<wire::SourceTree>()).result<Build>();

  ASSERT_FALSE(build);
  EXPECT_EQ(build.error().kind, ErrorKind::Failed);
  EXPECT_EQ(build.error().code, "null/failed");
  EXPECT_EQ(build.error().message, "no luck");
  EXPECT_EQ(build.error().settingPath, "fail");
}

TEST(NullPlugin, ExceptionBecomesAnInternalError) {
  PluginHarness harness(plugin());
  Owned<Settings> settings;
  settings->setThrow("oops");

  auto build = harness.call(Op::BUILD).settings(settings).input(Owned<wire::SourceTree>()).result<Build>();

  ASSERT_FALSE(build);
  EXPECT_EQ(build.error().kind, ErrorKind::Internal);
  EXPECT_NE(build.error().message.find("oops"), std::string::npos);
}

TEST(NullPlugin, CheckTellsWhatIsWrongBeforeTheRun) {
  PluginHarness harness(plugin());
  Owned<Settings> settings;
  settings->setFailCheck("not today");

  auto errors = harness.check(Kind::PLATFORM).settings(settings).errors();

  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].code, "null/check-failed");
}

TEST(NullPlugin, CancelEndsALongCall) {
  PluginHarness harness(plugin());
  Owned<Settings> settings;
  settings->setSleepMs(60'000);

  auto call = harness.call(Op::BUILD).settings(settings).input(Owned<wire::SourceTree>()).start();
  call.cancel();
  auto build = call.result<Build>();

  ASSERT_FALSE(build);
  EXPECT_EQ(build.error().kind, ErrorKind::Cancelled);
}

TEST(NullPlugin, DestroyRemovesWhatADeployThatFailedHalfwayHadMade) {
  PluginHarness harness(plugin());
  Owned<Settings> settings;
  settings->setResources(3);
  settings->setFailAfter(2);
  ASSERT_FALSE(
      harness.call(Op::DEPLOY).settings(settings).input(anImage()).input(aConfig()).result<Deployment>());
  ASSERT_EQ(harness.record().resources.size(), 2u);

  ASSERT_TRUE(harness.call(Op::DESTROY).emptyInput().result<void>());

  for (auto& entry : harness.record().resources) EXPECT_TRUE(entry.removed) << entry.resource.name;
  EXPECT_TRUE(std::filesystem::is_empty(harness.dataDir()));
}

TEST(NullPlugin, ADestroyDoesNotWaitAsItsDeployDid) {
  PluginHarness harness(plugin());
  Owned<Settings> settings;
  settings->setSleepMs(3'600'000);
  EXPECT_TRUE(harness.call(Op::DESTROY).settings(settings).emptyInput().result<void>());
}

TEST(NullPlugin, StatusIsReadyAfterADeployAndGoneAfterDestroy) {
  PluginHarness harness(plugin());
  auto deployment = harness.call(Op::DEPLOY).input(anImage()).input(aConfig()).result<Deployment>();
  ASSERT_TRUE(deployment);
  auto before = harness.call(Op::STATUS).input(*deployment).result<wire::Status>();
  ASSERT_TRUE(harness.call(Op::DESTROY).input(*deployment).result<void>());
  auto after = harness.call(Op::STATUS).input(*deployment).result<wire::Status>();

  EXPECT_EQ(before->reader().getHealth(), wire::Status::Health::READY);
  EXPECT_EQ(after->reader().getHealth(), wire::Status::Health::GONE);
}

TEST(NullPlugin, LogsGiveTheLastLines) {
  PluginHarness harness(plugin());
  ASSERT_TRUE(harness.call(Op::LOGS).input(aDeployment()).logs({.tail = 2}).result<void>());
  auto lines = harness.record().logLines;
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1].text, "line 3 of hello");
}

TEST(NullPlugin, ExecAnswersTheExitCode) {
  PluginHarness harness(plugin());
  auto code = harness.call(Op::EXEC).input(aDeployment()).arguments({"exit", "7"}).result<int>();
  ASSERT_TRUE(code);
  EXPECT_EQ(*code, 7);
}

TEST(NullPlugin, ExecGivesBackItsInputToTheEnd) {
  PluginHarness harness(plugin());
  auto code = harness.call(Op::EXEC)
                  .input(aDeployment())
                  .arguments({"cat"})
                  .standardInput({"one ", "two"})
                  .result<int>();
  ASSERT_TRUE(code);
  EXPECT_EQ(harness.record().out, "one two");
}

TEST(NullPlugin, ExecThatWaitsForInputEndsWhenCancelled) {
  PluginHarness harness(plugin());
  auto call = harness.call(Op::EXEC).input(aDeployment()).arguments({"cat"}).keepInputOpen().start();
  call.cancel();
  auto code = call.result<int>();
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().kind, ErrorKind::Cancelled);
}

TEST(NullPlugin, SecretIsAskedOfTheHostByName) {
  PluginHarness harness(plugin());
  harness.setSecret("TOKEN", "hush");
  Owned<Settings> settings;
  settings->setReadSecret("TOKEN");
  ASSERT_TRUE(harness.call(Op::BUILD).settings(settings).input(Owned<wire::SourceTree>()).result<Build>());
  EXPECT_EQ(harness.record().logs.at(0).second, "TOKEN is hush");
}

}  // namespace
}  // namespace cairn::plugins::null
