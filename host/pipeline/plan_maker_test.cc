#include "host/pipeline/plan_workshop.h"

namespace cairn::host {
namespace {

using wire::StageKind;

TEST(PlanMaker, JoinsWhatABuilderMakesToWhatTheRegistryTakes) {
  PlanWorkshop shop;
  auto made = shop.plan(kWeb);
  ASSERT_TRUE(made);
  auto push = made->plan.reader().getApps()[0].getStages()[1];
  ASSERT_EQ(push.getInputs()[0].getSteps().size(), 1u);
  EXPECT_EQ(push.getInputs()[0].getSteps()[0].getName(), "null.Build-to-null.Artifact");
}

TEST(PlanMaker, TheSameInputGivesTheSameDigest) {
  PlanWorkshop shop;
  auto first = shop.plan(kWeb);
  auto second = shop.plan(kWeb);
  EXPECT_EQ(first->plan.reader().getInputDigest(), second->plan.reader().getInputDigest());
  EXPECT_TRUE(planDifferences(first->plan.reader(), second->plan.reader()).empty());
}

TEST(PlanMaker, AChangedFileIsNamedAsTheDifference) {
  PlanWorkshop shop;
  auto first = shop.plan(kWeb);
  auto second = shop.plan(std::string(kWeb) + "text = \"other\"\n");
  ASSERT_TRUE(second);
  EXPECT_EQ(planDifferences(first->plan.reader(), second->plan.reader()),
            std::vector<std::string>{"cairn.toml, or a variable's value"});
}

TEST(PlanMaker, APlanWithoutAPluginsDigestNamesThePluginAsTheDifference) {
  PlanWorkshop shop;
  auto made = shop.plan(kWeb);
  capnp::MallocMessageBuilder message;
  message.setRoot(made->plan.reader());
  message.getRoot<wire::Plan>().getPlugins()[0].disownBundleDigest();
  const auto told = planDifferences(message.getRoot<wire::Plan>().asReader(), made->plan.reader());
  ASSERT_EQ(told.size(), 1u);
  EXPECT_NE(told[0].find("the plugin null is another one"), std::string::npos) << told[0];
}

// Somebody edits a plan file and leaves its digest: a step is taken out, or does another thing.
TEST(PlanMaker, APlanThatWasWrittenInIsAnotherPlan) {
  PlanWorkshop shop;
  auto made = shop.plan(kWeb);
  capnp::MallocMessageBuilder message;
  message.setRoot(made->plan.reader());
  auto push = message.getRoot<wire::Plan>().getApps()[0].getStages()[1];
  push.getInputs()[0].initSteps(0);
  EXPECT_EQ(planDifferences(message.getRoot<wire::Plan>().asReader(), made->plan.reader()).size(), 1u);
}

TEST(PlanMaker, APlanMadeLaterIsNoOtherPlan) {
  PlanWorkshop shop;
  auto made = shop.plan(kWeb);
  capnp::MallocMessageBuilder message;
  message.setRoot(made->plan.reader());
  message.getRoot<wire::Plan>().setMadeAtUnixMs(1);
  EXPECT_TRUE(planDifferences(message.getRoot<wire::Plan>().asReader(), made->plan.reader()).empty());
}

TEST(PlanMaker, AnAppWithoutReleaseIsServedByItsPlatformsDefaultReleaser) {
  PlanWorkshop shop;
  auto made = shop.plan(R"(project = "shop"
[app.web.build]
use = "files"
[app.web.deploy]
use = "local"
command = ["./server"]
)");
  ASSERT_TRUE(made);
  auto stages = made->plan.reader().getApps()[0].getStages();
  ASSERT_EQ(stages.size(), 3u);
  EXPECT_EQ(stages[2].getKind(), StageKind::RELEASE);
  EXPECT_TRUE(stages[2].getImplicit());
}

TEST(PlanMaker, AComponentThatNobodyOffersIsToldWithTheNearestName) {
  PlanWorkshop shop;
  auto error = shop.firstError("project = \"shop\"\n[app.web.build]\nuse = \"fils\"\n");
  EXPECT_EQ(error.code, "unknown-component");
  EXPECT_EQ(error.position.line, 3);
  EXPECT_NE(error.hint.find("files"), std::string::npos);
}

TEST(PlanMaker, AnAppThatIsNotInTheFileIsToldWithTheNearestName) {
  PlanWorkshop shop;
  auto error = shop.firstError(kWeb, {"wbe"});
  EXPECT_EQ(error.code, "unknown-app");
  EXPECT_NE(error.hint.find("web"), std::string::npos);
}

TEST(PlanMaker, StagesThatCantBeJoinedAreRefusedWithBothTypes) {
  PlanWorkshop shop;
  auto error = shop.firstError(R"(project = "shop"
[app.web.build]
use = "null"
[app.web.deploy]
use = "local"
command = ["./server"]
)");
  EXPECT_EQ(error.code, "no-chain");
  EXPECT_EQ(error.position.line, 5);
  EXPECT_NE(error.message.find("cairn.FilesDirectory"), std::string::npos) << error.message;
}

TEST(PlanMaker, OneBrokenStageDoesNotBlameTheStagesBehindIt) {
  PlanWorkshop shop;
  auto made = shop.plan(
      "project = \"shop\"\n[app.web.build]\nuse = \"nothing\"\n[app.web.registry]\nuse = "
      "\"null\"\n[app.web.deploy]\nuse = \"null\"\n");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().size(), 1u);
}

TEST(PlanMaker, MistakesOfSeveralAppsAreToldInOneRun) {
  PlanWorkshop shop;
  auto made = shop.plan(R"(project = "shop"
[app.one.build]
use = "null"
txet = "a"
[app.two.build]
use = "null"
sleep_ms = "long"
)");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().size(), 2u);
}

TEST(PlanMaker, ADeployAloneNeedsAnArtifactOnRecord) {
  PlanWorkshop shop;
  auto made = shop.plan(kWeb, {}, {StageKind::DEPLOY});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().front().code, "no-artifact");
}

TEST(PlanMaker, AppsComeAfterWhatTheyNeed) {
  PlanWorkshop shop;
  auto made = shop.plan(
      "project = \"shop\"\n[app.jobs]\nneeds = [\"web\"]\n[app.jobs.build]\nuse = "
      "\"null\"\n[app.web.build]\nuse = \"null\"\n");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->plan.reader().getApps()[0].getName(), "web");
  EXPECT_EQ(made->plan.reader().getApps()[1].getNeeds()[0], "web");
}

TEST(PlanMaker, WhatALaterStageTakesFromAnEarlierOneStaysAnExpression) {
  PlanWorkshop shop;
  auto made = shop.plan(R"(project = "shop"
[app.web.build]
use = "null"
[app.web.registry]
use = "null"
text = "built ${build.text}"
)");
  ASSERT_TRUE(made) << made.error().front().message;
  auto settings = made->plan.reader().getApps()[0].getStages()[1].getSettings().getTable();
  ASSERT_EQ(settings.size(), 1u);
  EXPECT_TRUE(settings[0].getValue().isExpression());
}

TEST(PlanMaker, ASecretIsNotInThePlan) {
  PlanWorkshop shop;
  ::setenv("CAIRN_VAR_TOKEN", "tresor-4711", 1);
  auto made = shop.plan(R"(project = "shop"
[variables.token]
secret = true
[app.web.build]
use = "null"
secret = "${var.token}"
)");
  ::unsetenv("CAIRN_VAR_TOKEN");
  ASSERT_TRUE(made) << made.error().front().message;
  auto words = canonicalWords(capnp::AnyStruct::Reader(made->plan.reader()));
  std::string bytes(reinterpret_cast<const char*>(words.data()), words.size() * 8);
  EXPECT_EQ(bytes.find("tresor-4711"), std::string::npos);
}

}  // namespace
}  // namespace cairn::host
