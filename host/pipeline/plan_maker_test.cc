// Plans of small projects, with the manifests of the real plugins of this tree.

#include "host/pipeline/plan_maker.h"
#include "host/store/sqlite_store.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace cairn::host {
namespace {

namespace fs = std::filesystem;
using wire::StageKind;

// No git: a plan must not need it.
class NoGit final : public GitRunner {
 public:
  std::optional<GitOutput> run(const fs::path&, const std::vector<std::string>&) override {
    ++asked;
    return std::nullopt;
  }
  int asked = 0;
};

class PlanWorkshop {
 public:
  PlanWorkshop()
      : io_(kj::setupAsyncIo()),
        root_(makeRoot()),
        broker_(io_, options(root_)),
        store_(
            openSqliteStore({.path = (root_ / "cairn.db").string(), .lockFolder = (root_ / "locks").string()},
                            kj::systemPreciseCalendarClock())) {
    catalog_ = std::make_unique<PluginCatalog>(
        std::vector<fs::path>{fs::path(CAIRN_BUILD_ROOT) / "lib/cairn/plugins"},
        std::map<std::string, fs::path>{});
    plugins_ = std::make_unique<PluginSet>(PluginSet::open(broker_, *catalog_).wait(io_.waitScope));
  }
  ~PlanWorkshop() noexcept(false) {
    broker_.stop().wait(io_.waitScope);
    fs::remove_all(root_);
  }

  Result<MadePlan, Errors> plan(const std::string& text, std::vector<std::string> apps = {},
                                std::vector<StageKind> stages = {StageKind::BUILD, StageKind::PUSH,
                                                                 StageKind::DEPLOY, StageKind::RELEASE}) {
    std::ofstream(root_ / "cairn.toml") << text;
    auto project = loadProject({.folder = root_});
    if (!project) return std::move(project).error();
    project_ = std::move(*project);
    auto types = TypeGraphs::build(*plugins_, project_);
    if (!types) return std::move(types).error();
    auto variables = readVariables(project_, {});
    if (!variables) return std::move(variables).error();
    GitSource git(project_.root, noGit_);
    std::map<std::string, AppHistory> history;
    PipelineContext context{.io = io_,
                            .broker = broker_,
                            .store = *store_,
                            .clock = kj::systemPreciseCalendarClock(),
                            .version = "test",
                            .cancelled = &cancelled_};
    return makePlan(context, {project_, *variables, git, *plugins_, *types, history},
                    {std::move(apps), std::move(stages)});
  }
  // The code of the first error of a plan that must fail.
  Error firstError(const std::string& text, std::vector<std::string> apps = {}) {
    auto made = plan(text, std::move(apps));
    EXPECT_FALSE(made);
    return made ? Error{} : made.error().front();
  }

 private:
  static fs::path makeRoot() {
    std::string pattern = (fs::temp_directory_path() / "cairn-plan-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }
  static BrokerOptions options(const fs::path& root) {
    BrokerOptions out;
    out.hostVersion = "test";
    out.cacheFolder = root / "cache";
    out.dataFolder = root / "data";
    return out;
  }

  kj::AsyncIoContext io_;
  fs::path root_;
  Broker broker_;
  kj::Own<Store> store_;  // asked nothing by makePlan()
  std::unique_ptr<PluginCatalog> catalog_;
  std::unique_ptr<PluginSet> plugins_;
  Project project_;
  NoGit noGit_;
  bool cancelled_ = false;
};

constexpr char kWeb[] = R"(project = "shop"
[app.web.build]
use = "null"
[app.web.registry]
use = "null"
[app.web.deploy]
use = "null"
[app.web.release]
use = "null"
)";

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

constexpr char kScan[] = R"(
[[mapper]]
name = "scan"
from = "null.Image"
to = "null.Image"
gate = ["deploy"]
run = ["./scan.sh"]
)";

// The mappers on the way into a stage, by their ids.
std::vector<std::string> mappersInto(const MadePlan& made, unsigned stage) {
  std::vector<std::string> out;
  for (auto input : made.plan.reader().getApps()[0].getStages()[stage].getInputs()) {
    for (auto step : input.getSteps()) out.emplace_back(step.getMapper().cStr());
  }
  return out;
}

TEST(PlanMaker, AValueOfTheRightTypePassesTheGateAllTheSame) {
  PlanWorkshop shop;
  auto made = shop.plan(std::string(kWeb) + kScan);
  ASSERT_TRUE(made) << made.error().front().message;
  EXPECT_EQ(mappersInto(*made, 2), std::vector<std::string>{"project/scan"});
  EXPECT_EQ(made->plan.reader().getApps()[0].getStages()[2].getGates()[0].getName(), "scan");
}

TEST(PlanMaker, AShorterChainDoesNotGoRoundTheGate) {
  PlanWorkshop shop;
  auto made = shop.plan(std::string(kWeb) + kScan + R"(
[[mapper]]
name = "short"
from = "null.Build"
to = "null.Image"
cost = 0
set = { text = "${input.text}" }
)",
                        {}, {StageKind::BUILD, StageKind::DEPLOY});
  ASSERT_TRUE(made) << made.error().front().message;
  EXPECT_EQ(mappersInto(*made, 1), (std::vector<std::string>{"project/short", "project/scan"}));
}

TEST(PlanMaker, AnAppWhoseChainHasNothingToLookAtIsRefused) {
  PlanWorkshop shop;
  auto error = shop.firstError(std::string(kWeb) + R"(
[[mapper]]
name = "scan"
from = "oci.Image"
to = "oci.Image"
gate = ["deploy"]
run = ["./scan.sh"]
)");
  EXPECT_EQ(error.code, "gate-not-passed");
  EXPECT_EQ(error.kind, ErrorKind::Refused);
  EXPECT_EQ(error.position.line, 7);
}

TEST(PlanMaker, AGateCanBeNarrowedToOtherApps) {
  PlanWorkshop shop;
  auto made =
      shop.plan(std::string(kWeb) + "[app.other.build]\nuse = \"null\"\n" + kScan + "apps = [\"other\"]\n");
  ASSERT_TRUE(made) << made.error().front().message;
  EXPECT_TRUE(mappersInto(*made, 2).empty());
}

TEST(PlanMaker, ACommandOfUnknownEffectsAfterAGateUnmakesWhatItSaw) {
  const std::string text = std::string(
                               "project = \"shop\"\n[app.web.build]\nuse = \"null\"\n"
                               "[app.web.deploy]\nuse = \"null\"\n") +
                           R"(
[[mapper]]
name = "scan"
from = "null.Build"
to = "null.Build"
gate = ["deploy"]
run = ["./scan.sh"]
[[mapper]]
name = "rebuild"
from = "null.Build"
to = "null.Image"
run = ["./rebuild.sh"]
)";
  PlanWorkshop shop;
  auto around = shop.plan(text);
  ASSERT_TRUE(around) << around.error().front().message;
  EXPECT_EQ(mappersInto(*around, 1).size(), 3u) << "by the plugin's two mappers, which keep the gate";
  auto kept = shop.plan(text + "effects = \"pure\"\n");
  ASSERT_TRUE(kept);
  EXPECT_EQ(mappersInto(*kept, 1), (std::vector<std::string>{"project/scan", "project/rebuild"}));
}

TEST(PlanMaker, ATypeThatNobodyDeclaresIsToldWithItsPlace) {
  PlanWorkshop shop;
  auto error = shop.firstError(std::string(kWeb) +
                               "[[mapper]]\nname = \"scan\"\nfrom = \"null.Imag\"\nto = "
                               "\"null.Image\"\nrun = [\"true\"]\n");
  EXPECT_EQ(error.code, "unknown-type");
  EXPECT_EQ(error.position.line, 12);
  EXPECT_NE(error.hint.find("null.Image"), std::string::npos);
}

TEST(PlanMaker, ARuleThatNamesNothingIsToldWithTheNearestName) {
  PlanWorkshop shop;
  auto error = shop.firstError(std::string(kWeb) + "[mappers]\nforbid = [\"null.Imag\"]\n");
  EXPECT_EQ(error.code, "unknown-type");
  EXPECT_NE(error.hint.find("null.Image"), std::string::npos);
}

TEST(PlanMaker, TwoEquallyGoodChainsAreAnErrorWhereTheFileIsStrict) {
  const std::string text = std::string(kWeb) + R"(
[[mapper]]
name = "one"
from = "null.Build"
to = "null.Artifact"
set = { text = "${input.text}" }
[mappers]
)";
  PlanWorkshop shop;
  auto made = shop.plan(text);
  ASSERT_TRUE(made) << made.error().front().message;
  ASSERT_EQ(made->warnings.size(), 1u);
  EXPECT_NE(made->warnings[0].hint.find("pin = "), std::string::npos);
  EXPECT_EQ(shop.firstError(text + "strict = true\n").code, "ambiguous-chain");
  EXPECT_TRUE(shop.plan(text + "strict = true\npin = [\"project/one\"]\n"));
}

TEST(PlanMaker, ASetThatDoesNotFitItsTypeIsToldBeforeAnythingRuns) {
  PlanWorkshop shop;
  auto error = shop.firstError(std::string(kWeb) + R"([[mapper]]
name = "one"
from = "null.Build"
to = "null.Artifact"
set = { txet = "a" }
[mappers]
pin = ["project/one"]
)");
  EXPECT_EQ(error.code, "unknown-key");
  EXPECT_EQ(error.position.line, 14);
}

TEST(PlanMaker, AnAppsOwnMapperHidesThatOfTheProject) {
  PlanWorkshop shop;
  auto made = shop.plan(std::string(kWeb) + R"(
[[app.web.mapper]]
name = "one"
from = "null.Build"
to = "null.Artifact"
set = { text = "own" }
[[mapper]]
name = "one"
from = "null.Build"
to = "null.Artifact"
set = { text = "the project's" }
[mappers]
pin = ["project/web.one"]
)");
  ASSERT_TRUE(made) << made.error().front().message;
  EXPECT_EQ(mappersInto(*made, 1), std::vector<std::string>{"project/web.one"});
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
