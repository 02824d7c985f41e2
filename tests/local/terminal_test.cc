// `cairn` at a terminal, as its user has it.

#include "tests/support/cairn_house.h"
#include "tests/support/terminal_program.h"

#include <gtest/gtest.h>

namespace cairn::testing {
namespace {

// An app on this machine that serves until it is destroyed.
class AtATerminal : public ::testing::Test {
 protected:
  AtATerminal() {
    house_.setEnvironment("TERM", "screen-256color");
    house_.write("app/greeting.txt", "one\n");
    house_.copy(CAIRN_BUILD_ROOT "/examples/hello-server", "app/hello-server");
    house_.write("cairn.toml", R"(
project = "shop"
[app.web]
path = "./app"
[app.web.build]
use = "files"
[app.web.deploy]
use = "local"
command = ["./hello-server"]
probe = { path = "/" }
[app.web.release]
use = "local"
)");
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

}  // namespace
}  // namespace cairn::testing
