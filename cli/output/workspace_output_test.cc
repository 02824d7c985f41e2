#include "cli/output/workspace_output.h"

#include <gtest/gtest.h>

#include "cli/output/event_script.h"

namespace cairn::cli {
namespace {

TEST(InWorkspace, EveryCommandOfAHintNamesTheWorkspace) {
  EXPECT_EQ(inWorkspace("'cairn release --app web' releases again; or run `cairn up`", "prod"),
            "'cairn -w prod release --app web' releases again; or run `cairn -w prod up`");
  EXPECT_EQ(inWorkspace("without one it works too: 'cairn exec … | cat'", "prod"),
            "without one it works too: 'cairn -w prod exec … | cat'");
}

TEST(InWorkspace, CommandsThatNameOneOrWorkInNoneStayAsTheyAre) {
  for (const char* text :
       {"'cairn destroy --app web --workspace old' removes it", "'cairn up -w old' again",
        "mend cairn.toml first: `cairn validate`", "'cairn explain' lists all codes",
        "'cairn plugin list' lists all", "'cairn COMMAND --help' tells more", "'cairn --help' lists all",
        "update cairn on this machine, then 'up' again", "cairn up without quotes is no command"})
    EXPECT_EQ(inWorkspace(text, "prod"), text);
}

TEST(InWorkspace, InTheDefaultOneNothingIsAdded) {
  EXPECT_EQ(inWorkspace("run `cairn up`", ""), "run `cairn up`");
  EXPECT_EQ(inWorkspace("run `cairn up`", "default"), "run `cairn up`");
}

TEST(InWorkspace, AHintOfAPluginIsCompletedOnItsWayToTheUser) {
  HandClock clock;
  Masker masker;
  StringSink out, err;
  auto plain = makePlainOutput(out, err, masker, {});
  WorkspaceOutput output(*plain, "prod");
  EventScript script(output, clock);
  script.run("up", 1);
  script.stage("web", "deploy", "local", 1);
  script.error("web", "deploy", "local/gone", "it has ended", "'cairn up' deploys it anew");
  EXPECT_NE((out.text() + err.text()).find("'cairn -w prod up' deploys it anew"), std::string::npos)
      << out.text() << err.text();
}

}  // namespace
}  // namespace cairn::cli
