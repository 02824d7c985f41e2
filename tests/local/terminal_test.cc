// `cairn` at a terminal, as its user has it.

#include "tests/local/hello_on_local.h"
#include "tests/support/screen.h"
#include "tests/support/terminal_program.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>

namespace cairn::testing {
namespace {

// An app on this machine that serves until it is destroyed.
class AtATerminal : public ::testing::Test {
 protected:
  AtATerminal() {
    house_.setEnvironment("TERM", "screen-256color");
    writeHelloOnLocal(house_);
  }
  ~AtATerminal() override { house_.cairn({"destroy", "--project", "--yes"}); }

  CairnHouse house_;
};

TEST_F(AtATerminal, AProgramOfExecHasItsTermAndIsToldWhenTheWindowChanges) {
  const Ran up = house_.cairn({"up"});
  ASSERT_EQ(up.code, 0) << up.all();
  TerminalProgram exec(house_,
                       {"exec", "--", "sh", "-c",
                        "trap 'echo now $(stty size)' WINCH; echo $TERM $(stty size); "
                        "while ! read line; do :; done; echo typed $line"},
                       {.columns = 91, .rows = 33});
  ASSERT_TRUE(exec.waitFor("screen-256color 33 91")) << exec.written();
  exec.resize({.columns = 120, .rows = 50});
  ASSERT_TRUE(exec.waitFor("now 50 120")) << exec.written();
  exec.resize({.columns = 60, .rows = 20});
  ASSERT_TRUE(exec.waitFor("now 20 60")) << exec.written();
  exec.type("word\r");
  EXPECT_TRUE(exec.waitFor("typed word")) << exec.written();
  EXPECT_EQ(exec.end(), 0);
}

TEST_F(AtATerminal, NothingOfTheLiveDisplayIsLeftInANarrowWindowThatBecomesNarrower) {
  house_.write("cairn.toml", std::string(kHelloOnLocal) + R"(
[[app.web.build.hook]]
when = "before"
run = ["sh", "-c", "for i in 1 2 3 4 5 6; do echo '✅ 日本語 a line that is longer than the window is wide'; done; until test -e ../go; do sleep 0.02; done"]
)");
  Screen screen(40, 24);
  TerminalProgram up(house_, {"up"}, {.columns = 40, .rows = 24},
                     [&](const std::string& bytes) { screen.write(bytes); });
  ASSERT_TRUE(up.waitFor("│ ✅ 日本語")) << up.written();
  EXPECT_FALSE(screen.hasWrapped()) << screen.text();
  screen.resize(30, 24);
  up.resize({.columns = 30, .rows = 24});
  ASSERT_TRUE(up.waitFor("│ ✅ 日本語 a line that …")) << up.written();
  EXPECT_FALSE(screen.hasWrapped()) << screen.text();
  house_.write("go", "");
  EXPECT_EQ(up.end(), 0) << screen.text();
  for (const char* spinner : {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏", "│"})
    EXPECT_EQ(screen.text().find(spinner), std::string::npos) << screen.text();
}

// The greeting of the version that serves.
std::string greetingOf(const CairnHouse& house) {
  return house.cairn({"exec", "--", "cat", "greeting.txt"}).out;
}

TEST_F(AtATerminal, ARollbackWithoutAVersionShowsCommitAgeAndHealthAndAsks) {
  const std::string git = "git -C '" + house_.project().string() +
                          "' -c user.name=t -c user.email=t@example.test -c init.defaultBranch=main ";
  ASSERT_EQ(
      std::system((git + "init -q && " + git + "add cairn.toml && " + git + "commit -q -m one").c_str()), 0);
  for (const char* greeting : {"one\n", "two\n"}) {
    house_.write("app/greeting.txt", greeting);
    const Ran up = house_.cairn({"up"});
    ASSERT_EQ(up.code, 0) << up.all();
  }
  const std::regex question(
      "Release v1 of web, commit [0-9a-f]{7}(-dirty)?, made (just now|[0-9]+ (s|min) ago), ready, instead of "
      "v2 of "
      "web, .*\\? "
      "\\[y/N\\] ");

  TerminalProgram refused(house_, {"rollback"}, {.columns = 200});
  ASSERT_TRUE(refused.waitFor("[y/N] ")) << refused.written();
  EXPECT_TRUE(std::regex_search(refused.written(), question)) << refused.written();
  refused.type("n\r");
  EXPECT_EQ(refused.end(), 3) << refused.written();
  EXPECT_NE(refused.written().find("nothing was done"), std::string::npos) << refused.written();
  EXPECT_EQ(greetingOf(house_), "two\n");

  TerminalProgram agreed(house_, {"rollback"}, {.columns = 200});
  ASSERT_TRUE(agreed.waitFor("[y/N] ")) << agreed.written();
  agreed.type("y\r");
  EXPECT_EQ(agreed.end(), 0) << agreed.written();
  EXPECT_EQ(greetingOf(house_), "one\n");
}

}  // namespace
}  // namespace cairn::testing
