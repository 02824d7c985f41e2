// The live display in windows that are narrow, or become so.

#include <gtest/gtest.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/output/event_script.h"
#include "tests/support/screen.h"

namespace cairn::cli {
namespace {

// An output whose terminal has a size that can be changed.
class TerminalWindow : public ::testing::Test, protected TextSink {
 protected:
  TerminalWindow() : screen_(60, 12) {
    if (::openpty(&user_, &program_, nullptr, nullptr, nullptr) != 0) abort();
    resize(60, 12);
    output_ = makeTerminalOutput(*this, *this, masker_, clock_, {.unicode = true, .terminalFd = program_});
  }
  ~TerminalWindow() override {
    ::close(user_);
    ::close(program_);
  }

  void write(std::string_view text) override { screen_.write(std::string(text)); }
  void resize(unsigned short columns, unsigned short rows) {
    winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    ::ioctl(program_, TIOCSWINSZ, &size);
    screen_.resize(columns, rows);
  }
  void start() {
    script().run("up", 1);
    script().stage("web", "deploy", "local", 3);
    script().step("web", "deploy", 1, "Waiting until web v3 answers with what it should");
    script().output("web", "deploy", "a line of output that goes on for longer than that\n");
    output_->tick();
  }
  EventScript script() { return {*output_, clock_}; }

  int user_ = -1, program_ = -1;
  cairn::testing::Screen screen_;
  HandClock clock_;
  Masker masker_;
  std::unique_ptr<Output> output_;
};

TEST_F(TerminalWindow, CutsEachLineAndKeepsTheTimeVisible) {
  resize(30, 12);
  start();
  EXPECT_EQ(screen_.text(), R"(up of shop  1 app
⠋ web deploy  local  0.0s
  ⠋ Waiting until web …  0.0s
    │ a line of output that …
)");
  EXPECT_FALSE(screen_.hasWrapped());
}

TEST_F(TerminalWindow, LeavesNothingBehindWhenItBecomesNarrower) {
  start();
  resize(25, 12);
  EXPECT_TRUE(screen_.hasWrapped()) << "the terminal has wrapped what stood there";
  output_->tick();
  EXPECT_EQ(screen_.text(), R"(up of shop  1 app
⠋ web deploy  local  0.…
  ⠋ Waiting until…  0.0s
    │ a line of output …
)");
}

TEST_F(TerminalWindow, LeavesNothingBehindWhenAStageEndsAfterItBecameNarrower) {
  start();
  resize(25, 12);
  script().stageEnd("web", "deploy", wire::Event::Outcome::DONE, 3, 900);
  EXPECT_EQ(screen_.text().find("⠋"), std::string::npos) << screen_.text();
}

TEST_F(TerminalWindow, UsesTheRoomWhenItBecomesWider) {
  resize(25, 12);
  start();
  resize(80, 12);
  output_->tick();
  EXPECT_EQ(screen_.text(), R"(up of shop  1 app
⠋ web deploy  local  0.0s
  ⠋ Waiting until web v3 answers with what it should  0.0s
    │ a line of output that goes on for longer than that
)");
}

TEST_F(TerminalWindow, WideLettersAndEscapeSequencesOfAnAppWrapNothing) {
  start();
  resize(24, 12);
  script().output("web", "deploy", "✅✅✅✅✅✅✅✅✅✅✅✅ ok\n日本語日本語日本語日本語\n");
  script().output("web", "deploy",
                  "\x1b[2J\x1b[5A\x1b]0;mine\x07\x1b(0\x9b"
                  "31m\rred\b\b\v\f here\n");
  for (int i = 0; i < 3; ++i) output_->tick();
  EXPECT_FALSE(screen_.hasWrapped());
  EXPECT_EQ(screen_.text().find("up of shop"), 0u);
  EXPECT_NE(screen_.text().find("    │ ✅✅✅✅✅✅✅✅…\n    │ 日本語日本語日本…\n"), std::string::npos)
      << screen_.text();
}

TEST_F(TerminalWindow, LeavesNothingInTheHistoryOfAWindowThatItFills) {
  resize(60, 4);
  start();
  script().stageEnd("web", "deploy", wire::Event::Outcome::DONE, 3, 900);
  EXPECT_EQ(screen_.text().find("⠋"), std::string::npos) << screen_.text();
}

TEST_F(TerminalWindow, EvenASingleColumnIsNotExceeded) {
  resize(1, 12);
  start();
  EXPECT_FALSE(screen_.text().empty());
  EXPECT_EQ(screen_.text().find("Waiting"), std::string::npos) << screen_.text();
}

}  // namespace
}  // namespace cairn::cli
