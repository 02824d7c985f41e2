// Plans of projects with mappers, gates and rules of their own.

#include "host/pipeline/plan_workshop.h"

namespace cairn::host {
namespace {

using wire::StageKind;

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

TEST(PlanMappers, AValueOfTheRightTypePassesTheGateAllTheSame) {
  PlanWorkshop shop;
  auto made = shop.plan(std::string(kWeb) + kScan);
  ASSERT_TRUE(made) << made.error().front().message;
  EXPECT_EQ(mappersInto(*made, 2), std::vector<std::string>{"project/scan"});
  EXPECT_EQ(made->plan.reader().getApps()[0].getStages()[2].getGates()[0].getName(), "scan");
}

// The digest of the gate before the deploy.
std::string gateOf(const MadePlan& made) {
  auto digest = made.plan.reader().getApps()[0].getStages()[2].getGates()[0].getDigest().asChars();
  return std::string(digest.begin(), digest.size());
}

std::string withWords(const std::string& words) {
  std::string file = std::string(kWeb) + kScan;
  return file.replace(file.find("\"./scan.sh\""), 11, words);
}

TEST(PlanMappers, AGateWhoseProgramMayNotBeRunIsToldBeforeAnythingRuns) {
  PlanWorkshop shop;
  shop.program("scan.sh", std::filesystem::perms::owner_read);
  auto error = shop.firstError(std::string(kWeb) + kScan);
  EXPECT_EQ(error.code, "command-failed-to-start");
  EXPECT_EQ(error.position.line, 16);
  EXPECT_NE(error.hint.find("chmod +x"), std::string::npos);
}

TEST(PlanMappers, AGateWhoseProgramIsNowhereInPathIsToldBeforeAnythingRuns) {
  PlanWorkshop shop;
  auto error = shop.firstError(withWords("\"no-such-scanner\""));
  EXPECT_EQ(error.code, "command-not-found");
  EXPECT_EQ(error.position.line, 16);
  EXPECT_TRUE(shop.plan(withWords("\"true\"")));
}

TEST(PlanMappers, AGateWhoseProgramIsKnownOnlyInTheRunIsLeftAlone) {
  PlanWorkshop shop;
  EXPECT_TRUE(shop.plan(withWords("\"./${input.text}\"")));
}

TEST(PlanMappers, AGateThatNoPlannedStageMeetsNeedsNoProgram) {
  PlanWorkshop shop;
  EXPECT_TRUE(shop.plan(withWords("\"no-such-scanner\""), {}, {StageKind::BUILD}));
}

TEST(PlanMappers, AGateThatManyAppsMeetIsToldOnce) {
  PlanWorkshop shop;
  auto made = shop.plan(withWords("\"no-such-scanner\"") +
                        "[app.other.build]\nuse = \"null\"\n[app.other.deploy]\nuse = \"null\"\n");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().size(), 1u);
}

TEST(PlanMappers, AGateIsAnotherOneForAnotherValueOfAVariable) {
  PlanWorkshop shop;
  auto with = [&](const std::string& level) {
    auto made = shop.plan(withWords("\"./scan.sh\", \"${input.text} ${var.level}\"") +
                          "[variables.level]\ntype = \"string\"\ndefault = \"" + level + "\"\n");
    return made ? gateOf(*made) : made.error().front().message;
  };
  EXPECT_EQ(with("strict"), with("strict"));
  EXPECT_NE(with("strict"), with("lax"));
}

TEST(PlanMappers, AShorterChainDoesNotGoRoundTheGate) {
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

TEST(PlanMappers, AnAppWhoseChainHasNothingToLookAtIsRefused) {
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

TEST(PlanMappers, AGateCanBeNarrowedToOtherApps) {
  PlanWorkshop shop;
  auto made = shop.plan(std::string(kWeb) +
                        "[app.other.build]\nuse = \"null\"\n[app.other.deploy]\nuse = \"null\"\n" + kScan +
                        "apps = [\"other\"]\n");
  ASSERT_TRUE(made) << made.error().front().message;
  EXPECT_TRUE(mappersInto(*made, 2).empty());
}

// The stages of the first app before which a gate is demanded.
std::vector<wire::StageKind> gatedStages(const MadePlan& made) {
  std::vector<wire::StageKind> out;
  for (auto stage : made.plan.reader().getApps()[0].getStages()) {
    if (stage.getGates().size() > 0) out.push_back(stage.getKind());
  }
  return out;
}

std::string gateOfWeb(const std::string& type) {
  return "\n[[mapper]]\nname = \"look\"\nfrom = \"" + type + "\"\nto = \"" + type +
         "\"\ngate = [\"app.web\"]\nrun = [\"true\"]\n";
}

TEST(PlanMappers, AGateOfAnAppStandsBeforeTheStagesThatItsTypeLeadsInto) {
  const std::map<std::string, StageKind> rows = {{"cairn.SourceTree", StageKind::BUILD},
                                                 {"null.Artifact", StageKind::PUSH},
                                                 {"null.Image", StageKind::DEPLOY},
                                                 {"null.Deployment", StageKind::RELEASE}};
  PlanWorkshop shop;
  for (const auto& [type, stage] : rows) {
    auto made = shop.plan(kWeb + gateOfWeb(type));
    ASSERT_TRUE(made) << type << ": " << made.error().front().message;
    EXPECT_EQ(gatedStages(*made), std::vector<StageKind>{stage}) << type;
  }
}

TEST(PlanMappers, AGateOfAnAppIsNoHindranceToStagesThatItIsNotBefore) {
  PlanWorkshop shop;
  auto made = shop.plan(kWeb + gateOfWeb("null.Deployment"), {}, {StageKind::BUILD});
  ASSERT_TRUE(made) << made.error().front().message;
  EXPECT_EQ(gatedStages(*made), std::vector<StageKind>{});
}

// Two ways lead from the build into the deploy; the gate is on the one that [mappers] shuts.
TEST(PlanMappers, ARuleOfMappersOpensNoGateOfAnApp) {
  PlanWorkshop shop;
  const std::string text = R"(project = "shop"
[app.web.build]
use = "null"
[app.web.deploy]
use = "null"
)" + gateOfWeb("null.Artifact") +
                           R"(
[[mapper]]
name = "short"
from = "null.Build"
to = "null.Image"
set = { text = "${input.text}" }

[mappers]
)";
  for (const char* rule :
       {R"(pin = ["project/short"])", R"(forbid = ["null/null.Artifact-to-null.Image"])"}) {
    auto made = shop.plan(text + rule, {}, {StageKind::BUILD, StageKind::DEPLOY});
    ASSERT_FALSE(made) << rule;
    EXPECT_EQ(made.error().front().code, "gate-not-passed") << rule;
  }
}

TEST(PlanMappers, AGateOfAnAppThatNoStageCanBeBehindIsToldOnce) {
  PlanWorkshop shop;
  auto made = shop.plan(kWeb + gateOfWeb("oci.Image"));
  ASSERT_FALSE(made);
  ASSERT_EQ(made.error().size(), 1u);
  EXPECT_EQ(made.error()[0].code, "gate-not-passed");
  EXPECT_EQ(made.error()[0].message,
            "the gate \"look\" stands before the app web, but no chain into a stage of it could go through "
            "the gate");
  EXPECT_TRUE(made.error()[0].position.known());
}

TEST(PlanMappers, ACommandOfUnknownEffectsAfterAGateUnmakesWhatItSaw) {
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

TEST(PlanMappers, ATypeThatNobodyDeclaresIsToldWithItsPlace) {
  PlanWorkshop shop;
  auto error = shop.firstError(std::string(kWeb) +
                               "[[mapper]]\nname = \"scan\"\nfrom = \"null.Imag\"\nto = "
                               "\"null.Image\"\nrun = [\"true\"]\n");
  EXPECT_EQ(error.code, "unknown-type");
  EXPECT_EQ(error.position.line, 12);
  EXPECT_NE(error.hint.find("null.Image"), std::string::npos);
}

TEST(PlanMappers, ARuleThatNamesNothingIsToldWithTheNearestName) {
  PlanWorkshop shop;
  auto error = shop.firstError(std::string(kWeb) + "[mappers]\nforbid = [\"null.Imag\"]\n");
  EXPECT_EQ(error.code, "unknown-type");
  EXPECT_NE(error.hint.find("null.Image"), std::string::npos);
}

// A mapper of the file from what `null` builds to what it stores; `does`: the line that says how.
std::string toArtifact(const std::string& name, const std::string& does,
                       const std::string& table = "mapper") {
  return "[[" + table + "]]\nname = \"" + name + "\"\nfrom = \"null.Build\"\nto = \"null.Artifact\"\n" +
         does + "\n";
}

TEST(PlanMappers, TwoEquallyGoodChainsAreAnErrorWhereTheFileIsStrict) {
  const std::string text = kWeb + toArtifact("one", "set = { text = \"${input.text}\" }") + "[mappers]\n";
  PlanWorkshop shop;
  auto made = shop.plan(text);
  ASSERT_TRUE(made) << made.error().front().message;
  ASSERT_EQ(made->warnings.size(), 1u);
  EXPECT_NE(made->warnings[0].hint.find("pin = "), std::string::npos);
  EXPECT_EQ(shop.firstError(text + "strict = true\n").code, "ambiguous-chain");
  EXPECT_TRUE(shop.plan(text + "strict = true\npin = [\"project/one\"]\n"));
}

TEST(PlanMappers, ForbiddingTheProjectForbidsAllMappersOfTheFile) {
  const std::string text = kWeb + toArtifact("one", "set = { text = \"${input.text}\" }") +
                           toArtifact("two", "use = \"null\"") + "[mappers]\nstrict = true\n";
  PlanWorkshop shop;
  EXPECT_EQ(shop.firstError(text).code, "ambiguous-chain");
  auto made = shop.plan(text + "forbid = [\"project\"]\n");
  ASSERT_TRUE(made) << made.error().front().message;
  EXPECT_TRUE(mappersInto(*made, 1)[0].starts_with("null@")) << mappersInto(*made, 1)[0];
}

TEST(PlanMappers, ARuleForAPluginThatIsNotInstalledSaysWhichThereAre) {
  PlanWorkshop shop;
  auto error = shop.firstError(std::string(kWeb) + "[mappers]\nforbid = [\"acme-tools\"]\n");
  EXPECT_EQ(error.code, "unknown-plugin");
  EXPECT_EQ(error.position.line, 11);
  EXPECT_NE(error.message.find("`forbid`"), std::string::npos);
  EXPECT_NE(error.hint.find("[plugins.acme-tools]"), std::string::npos) << error.hint;
  EXPECT_NE(error.hint.find("null"), std::string::npos) << error.hint;
}

TEST(PlanMappers, ASetThatDoesNotFitItsTypeIsToldBeforeAnythingRuns) {
  PlanWorkshop shop;
  auto error = shop.firstError(kWeb + toArtifact("one", "set = { txet = \"a\" }") +
                               "[mappers]\npin = [\"project/one\"]\n");
  EXPECT_EQ(error.code, "unknown-key");
  EXPECT_EQ(error.position.line, 14);
}

TEST(PlanMappers, AnAppsOwnMapperHidesThatOfTheProject) {
  PlanWorkshop shop;
  auto made = shop.plan(kWeb + toArtifact("one", "set = { text = \"own\" }", "app.web.mapper") +
                        toArtifact("one", "set = { text = \"the project's\" }") +
                        "[mappers]\npin = [\"project/web.one\"]\n");
  ASSERT_TRUE(made) << made.error().front().message;
  EXPECT_EQ(mappersInto(*made, 1), std::vector<std::string>{"project/web.one"});
}

}  // namespace
}  // namespace cairn::host
