#include "cli/command_line.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "cli/completion_words.h"
#include "cli/help.h"
#include "cli/near_names.h"
#include "cli/plan_file.h"
#include "cli/plan_text.h"

namespace cairn::cli {
namespace {

using Words = std::vector<std::string>;

std::string codeOf(const Words& words) {
  auto line = parseCommandLine(words);
  return line ? "" : line.error().code;
}

TEST(CommandLine, GlobalOptionsMayStandBeforeBetweenAndAfterTheCommandsWords) {
  auto line = parseCommandLine({"-C", "dir", "plugin", "--json", "show", "docker", "-wprod"});
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(line->command->path, "plugin show");
  EXPECT_EQ(line->options.text("directory"), "dir");
  EXPECT_EQ(line->options.text("workspace"), "prod");
  EXPECT_EQ(line->options.text("NAME"), "docker");
}

TEST(CommandLine, ACommandMayBeTheStartOfALongerOne) {
  EXPECT_EQ(parseCommandLine({"build"})->command->path, "build");
  EXPECT_EQ(parseCommandLine({"build", "list"})->command->path, "build list");
}

TEST(CommandLine, TheVersionMayBeAskedForWithAFlag) {
  EXPECT_EQ(parseCommandLine({"--version"})->command->path, "version");
  EXPECT_EQ(parseCommandLine({"--json", "--version"})->command->path, "version");
  EXPECT_EQ(codeOf({"up", "--version"}), "unknown-flag");
}

TEST(CommandLine, AnAppNamedWithoutItsFlagIsOfferedWithIt) {
  EXPECT_NE(parseCommandLine({"up", "web"}).error().hint.find("--app web"), std::string::npos);
}

TEST(CommandLine, RepeatedOptionsAreAllKept) {
  EXPECT_EQ(parseCommandLine({"up", "--app", "web", "--app=api", "-a", "jobs"})->options.all("app"),
            (Words{"web", "api", "jobs"}));
}

TEST(CommandLine, AnOptionTakesOneValueAndLeavesTheNextWordToTheCommand) {
  auto line = parseCommandLine({"destroy", "--app", "web", "v1"});
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(line->options.all("app"), (Words{"web"}));
  EXPECT_EQ(line->options.text("DEPLOYMENT"), "v1");
}

TEST(CommandLine, ExecTakesTheRestAsItIs) {
  EXPECT_EQ(parseCommandLine({"exec", "--app", "web", "ls", "-l", "--json"})->options.all("COMMAND"),
            (Words{"ls", "-l", "--json"}));
  EXPECT_EQ(parseCommandLine({"exec", "--", "--help", "--"})->options.all("COMMAND"),
            (Words{"--help", "--"}));
}

TEST(CommandLine, EachMistakeHasACode) {
  EXPECT_EQ(codeOf({"upp"}), "unknown-command");
  EXPECT_EQ(codeOf({"up", "--plam", "x"}), "unknown-flag");
  EXPECT_EQ(codeOf({"up", "--plan"}), "bad-flag-value");
  EXPECT_EQ(codeOf({"history", "-n", "many"}), "bad-flag-value");
  EXPECT_EQ(codeOf({"plugin", "show"}), "missing-argument");
  EXPECT_EQ(codeOf({"up", "web"}), "extra-argument");
  EXPECT_EQ(codeOf({"completion", "tcsh"}), "bad-flag-value");
}

TEST(CommandLine, NamesWhatMayHaveBeenMeant) {
  EXPECT_EQ(parseCommandLine({"stauts"}).error().hint, "did you mean status?");
  EXPECT_EQ(parseCommandLine({"logs", "--folow"}).error().hint, "did you mean --follow?");
  EXPECT_EQ(didYouMean("zzz", {"alpha"}, "none"), "none");
}

TEST(CommandLine, IsRecordedWithoutValuesOfVariables) {
  EXPECT_EQ(recordedCommandLine({"up", "--var", "key=hunter2", "--var=other=x", "--app", "web"}),
            "cairn up --var key=… --var=other=… --app web");
}

TEST(Help, EveryShownCommandHasASummaryAndAnExampleThatParses) {
  for (const Command& command : commandTable()) {
    EXPECT_FALSE(command.summary.empty()) << command.path;
    EXPECT_TRUE(command.example.find("cairn " + command.path) != std::string::npos) << command.path;
    EXPECT_TRUE(command.run) << command.path;
  }
}

TEST(Help, IsAlsoAskedForByItsName) {
  EXPECT_TRUE(parseCommandLine({"help"})->help);
  EXPECT_EQ(parseCommandLine({"help", "plugin", "show"})->command->path, "plugin show");
}

TEST(Help, OfACommandTellsUsageArgumentsOptionsAndExample) {
  std::string text = renderLines(commandHelp(*parseCommandLine({"rollback"})->command), false);
  EXPECT_TRUE(
      text.starts_with("Let an older deployment serve again\nUsage: cairn rollback [OPTIONS] [DEPLOYMENT]\n"))
      << text;
  EXPECT_NE(text.find("  -y, --yes   Don't ask\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("Example\n  cairn rollback v4 --app web\n")) << text;
}

TEST(Help, DocsCommandsTellsOfEveryCommandAndOption) {
  std::ifstream in(CAIRN_SOURCE_ROOT "/docs/commands.md");
  std::string docs{std::istreambuf_iterator<char>(in), {}};
  for (const Command& command : commandTable()) {
    if (command.group.empty()) continue;
    EXPECT_NE(docs.find("## cairn " + command.path + "\n"), std::string::npos) << command.path;
    EXPECT_NE(docs.find(command.example), std::string::npos) << command.path;
    for (const Option& option : command.options)
      EXPECT_NE(docs.find("--" + option.key()), std::string::npos) << option.names;
  }
}

Words completed(const Words& words) {
  static const std::map<NamedThing, Words> names = {{NamedThing::App, {"web", "api"}},
                                                    {NamedThing::Workspace, {"default", "staging"}},
                                                    {NamedThing::Variable, {"api=", "key="}},
                                                    {NamedThing::Type, {"docker.Image", "oci.Image"}},
                                                    {NamedThing::Plugin, {"docker", "null"}},
                                                    {NamedThing::ErrorCode, {"no-chain"}},
                                                    {NamedThing::Build, {"3"}},
                                                    {NamedThing::Deployment, {"v3", "v2"}},
                                                    {NamedThing::OlderDeployment, {"v2"}}};
  return completionWords(words, [](NamedThing thing, const ParsedOptions&) { return names.at(thing); });
}

TEST(Completion, OffersCommandsTheirNextWordsFlagsAndChoices) {
  EXPECT_EQ(completed({"roll"}), Words{"rollback"});
  EXPECT_EQ(completed({"plugin", ""}), (Words{"list", "show"}));
  EXPECT_EQ(completed({"logs", "--fo"}), Words{"--follow"});
  EXPECT_EQ(completed({"completion", "z"}), Words{"zsh"});
  EXPECT_EQ(completed({"mapper", "explain", "--stage", "de"}), Words{"deploy"});
}

TEST(Completion, OffersTheNamesThatAnOptionTakes) {
  EXPECT_EQ(completed({"up", "--app", ""}), (Words{"web", "api"}));
  EXPECT_EQ(completed({"-w", "st"}), Words{"staging"});
  EXPECT_EQ(completed({"mapper", "list", "--to", "oci"}), Words{"oci.Image"});
  EXPECT_EQ(completed({"up", "--var", "k"}), Words{"key="});
  EXPECT_EQ(completed({"exec", "-d", "v"}), (Words{"v3", "v2"}));
}

TEST(Completion, OffersTheNamesThatAnArgumentTakes) {
  EXPECT_EQ(completed({"plugin", "show", "d"}), Words{"docker"});
  EXPECT_EQ(completed({"explain", "no"}), Words{"no-chain"});
  EXPECT_EQ(completed({"rollback", ""}), Words{"v2"});
  EXPECT_EQ(completed({"build", "show", ""}), Words{"3"});
  EXPECT_EQ(completed({"deployment", "show", "v3"}), Words{"v3"});
  EXPECT_EQ(completed({"rollback", "v2", ""}), Words{});
}

TEST(Completion, KnowsTheCommandBehindOptionsWithValues) {
  EXPECT_EQ(completed({"-w", "staging", "plugin", "show", "n"}), Words{"null"});
  EXPECT_EQ(completed({"--app=web", "rollback", ""}), Words{"v2"});
}

TEST(Completion, OffersAValueBehindAnEqualsSignInOneWordAndInThree) {
  EXPECT_EQ(completed({"up", "--app=w"}), Words{"--app=web"});
  EXPECT_EQ(completed({"up", "--app", "=", "w"}), Words{"web"});
  EXPECT_EQ(completed({"up", "--app", "="}), (Words{"web", "api"}));
}

TEST(Completion, HandsOnTheOptionsThatStandThere) {
  std::string workspace;
  completionWords({"-w", "staging", "up", "-a", ""}, [&](NamedThing, const ParsedOptions& typed) {
    workspace = typed.text("workspace");
    return Words();
  });
  EXPECT_EQ(workspace, "staging");
}

void fillPlan(wire::Plan::Builder plan) {
  plan.setProject("shop");
  plan.setWorkspace("default");
  plan.initPlugins(1)[0].setName("docker");
  auto apps = plan.initApps(2);
  apps[0].setName("web");
  auto stages = apps[0].initStages(2);
  stages[0].setKind(wire::StageKind::BUILD);
  stages[0].initComponent().setName("docker");
  stages[1].setKind(wire::StageKind::PUSH);
  stages[1].initComponent().setName("docker");
  stages[1].setChanged("new commit");
  auto inputs = stages[1].initInputs(2);
  inputs[0].setWantedName("docker.Image");
  inputs[0].setText("docker.Image ← pack-docker/load ← pack.Image");
  inputs[0].initSteps(1);
  inputs[1].setWantedName("cairn.Labels");
  inputs[1].initResult().setGiven(wire::Given::LABELS);
  apps[1].setName("jobs");
}

TEST(PlanText, IsALineAnAppAndAChainAndWithMoreAlsoWhatIsGiven) {
  Owned<wire::Plan> plan;
  fillPlan(*plan);
  EXPECT_EQ(
      renderLines(planLines(plan.reader(), false), false),
      "plan of shop\n  web   build with docker, push with docker (new commit)\n    push takes docker.Image ← "
      "pack-docker/load ← pack.Image\n  jobs  nothing to do\n");
  EXPECT_NE(renderLines(planLines(plan.reader(), true), false)
                .find("    push takes docker.Image ← pack-docker/load ← pack.Image\n"
                      "    push takes cairn.Labels: given\n"),
            std::string::npos);
}

TEST(PlanFile, IsReadAsItWasWritten) {
  std::string path = testing::TempDir() + "cairn-plan-file-test";
  Owned<wire::Plan> plan;
  fillPlan(*plan);
  ASSERT_TRUE(writePlanFile(path, plan.reader()));
  auto read = readPlanFile(path);
  ASSERT_TRUE(read);
  EXPECT_EQ(planJson(read->reader(), {}), planJson(plan.reader(), {}));
  remove(path.c_str());
}

TEST(PlanFile, RefusesWhatIsNoPlan) {
  EXPECT_EQ(readPlanFile("/nowhere/x").error().errors[0].code, "plan-not-read");
  std::string path = testing::TempDir() + "cairn-no-plan";
  for (std::string text :
       {"", "hello", "cairn plan 1\n\n\n\n12345678", "cairn plan 1\n\n\n\n123456789012345"}) {
    FILE* file = fopen(path.c_str(), "w");
    fputs(text.c_str(), file);
    fclose(file);
    auto read = readPlanFile(path);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().errors[0].code, "not-a-plan") << text;
  }
  remove(path.c_str());
}

}  // namespace
}  // namespace cairn::cli
