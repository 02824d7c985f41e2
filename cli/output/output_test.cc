#include <gtest/gtest.h>

#include "cli/output/error_text.h"
#include "cli/output/event_script.h"

namespace cairn::cli {
namespace {

struct Screen {
  explicit Screen(std::unique_ptr<Output> (*make)(Screen&)) : output(make(*this)), script(*output, clock) {}
  HandClock clock;
  Masker masker;
  StringSink out, err;
  std::unique_ptr<Output> output;
  EventScript script;
};

std::unique_ptr<Output> plain(Screen& s) {
  return makePlainOutput(s.out, s.err, s.masker, {});
}
std::unique_ptr<Output> json(Screen& s) {
  return makeJsonOutput(s.out, s.masker);
}
std::unique_ptr<Output> terminal(Screen& s) {
  return makeTerminalOutput(s.out, s.err, s.masker, s.clock, {.unicode = true, .columns = 40, .rows = 12});
}
std::unique_ptr<Output> coloured(Screen& s) {
  return makeTerminalOutput(s.out, s.err, s.masker, s.clock, {.colour = true, .columns = 80, .rows = 24});
}

// What stands on the screen after all the rewriting: only the sequences that TerminalOutput uses.
std::string screenOf(const std::string& written) {
  std::vector<std::string> lines(1);
  size_t row = 0;
  for (size_t i = 0; i < written.size(); ++i) {
    if (written[i] == '\n') {
      if (++row == lines.size()) lines.emplace_back();
    } else if (written[i] == '\x1b') {
      size_t end = written.find_first_of("AKJ", i);
      std::string number = written.substr(i + 2, end - i - 2);
      if (written[end] == 'A') row -= static_cast<size_t>(std::stoi(number));
      if (written[end] == 'K') lines[row].clear();
      if (written[end] == 'J') lines.resize(row), lines.emplace_back();
      i = end;
    } else if (written[i] != '\r') {
      lines[row] += written[i];
    }
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST(PlainOutput, TellsOneLineAnEventAndNoEscapeCode) {
  Screen screen(plain);
  tellStory(screen.script);
  EXPECT_EQ(screen.out.text(), R"(up of shop, workspace default
web build: started v4 with docker
api build: started v2 with docker
web build: Building image
api build: Building image
web build | Step 1/2 : FROM scratch
api build | cc -o api
api build | api.c:1: error
web build | Step 2/2 : COPY . /
api build: Building image: FAILED after 0.8s
api build: failed in 0.9s, v2
api: failed in build (docker/build-failed)
jobs: skipped: needs api
web build: Building image: done in 1.2s
web build: done in 1.3s, v4
web release: started v3 with local
web release: done in 1m01s, v3, http://127.0.0.1:8000
web: done, http://127.0.0.1:8000
failed in 1m03s
)");
  EXPECT_EQ(screen.err.text(), R"(api build: error: the build ended with 1
  hint: look at the output
  more: cairn explain docker/build-failed
)");
}

TEST(TerminalOutput, EndsAsAStoryOfWholeBlocks) {
  Screen screen(terminal);
  tellStory(screen.script);
  EXPECT_EQ(screenOf(screen.out.text()), R"(up of shop  3 apps
✗ api build  docker  v2  failed  0.9s
  ✗ Building image  0.8s
    │ cc -o api
    │ api.c:1: error
  error: the build ended with 1
    hint: look at the output
    more: cairn explain docker/build-failed
✓ web build  docker  v4  1.3s
  ✓ Building image  1.2s
✓ web release  local  v3  1m01s  http://127.0.0.1:8000
  api   failed in build (docker/build-failed)
  jobs  skipped: needs api
  web   http://127.0.0.1:8000
✗ up of shop failed in 1m03s

)");
}

TEST(TerminalOutput, RewritesWhatRunsAsTimePasses) {
  Screen screen(terminal);
  screen.script.run("up", 1);
  screen.script.stage("web", "build", "docker", 1);
  screen.script.step("web", "build", 1, "Pushing a very long reference of an image");
  screen.script.progress("web", "build", 1, 1536, 4096);
  screen.script.output("web", "build", "one\ntwo\nthree\nfour\nfive\nsix\nsev");
  screen.clock.now += 2300;
  screen.output->tick();
  EXPECT_EQ(screenOf(screen.out.text()), R"(up of shop  1 app
⠸ web build  docker  2.3s
  ⠸ Pushing …  1.5 KiB of 4.0 KiB  2.3s
    │ two
    │ three
    │ four
    │ five
    │ six

)");
}

TEST(TerminalOutput, ShowsNoMoreThanFitsTheScreen) {
  Screen screen(terminal);
  screen.script.run("up", 20);
  for (int i = 0; i < 20; ++i) screen.script.stage("app" + std::to_string(i), "build", "null");
  screen.output->tick();
  std::string live = screenOf(screen.out.text());
  EXPECT_EQ(std::count(live.begin(), live.end(), '\n'), 1 + 11 + 1) << live;
  EXPECT_NE(live.find("and 10 more"), std::string::npos) << live;
}

TEST(TerminalOutput, ColoursAreClosedOnEveryLine) {
  Screen screen(coloured);
  tellStory(screen.script);
  EXPECT_NE(screen.out.text().find("\x1b[31mx\x1b[0m"), std::string::npos) << screen.out.text();
}

TEST(JsonOutput, TellsOneObjectAnEvent) {
  Screen screen(json);
  screen.script.run("up", 1);
  screen.script.stage("web", "build", "docker", 4);
  screen.script.output("web", "build", "half a ");
  screen.script.output("web", "build", "line\nrest");
  screen.script.error("web", "build", "docker/x", "no \"luck\"");
  screen.script.stageEnd("web", "build", wire::Event::Outcome::FAILED, 4, 900);
  EXPECT_EQ(
      screen.out.text(),
      R"({"unixMs":1000000,"run":"r1","event":"runStarted","runStarted":{"command":"up","project":"shop","workspace":"default","apps":[""]}}
{"unixMs":1000000,"run":"r1","app":"web","stage":"build","event":"stageStarted","stageStarted":{"component":"docker","recordId":"","sequence":4}}
{"unixMs":1000000,"run":"r1","app":"web","stage":"build","event":"output","output":{"stream":"stdout","text":"half a line\n"}}
{"unixMs":1000000,"run":"r1","app":"web","stage":"build","event":"diagnostic","diagnostic":{"severity":"error","kind":"failed","code":"docker/x","message":"no \"luck\"","hint":"look at the output","detail":"","setting":""}}
{"unixMs":1000000,"run":"r1","app":"web","stage":"build","event":"output","output":{"stream":"stdout","text":"rest"}}
{"unixMs":1000000,"run":"r1","app":"web","stage":"build","event":"stageFinished","stageFinished":{"outcome":"failed","recordId":"","sequence":4,"durationMs":900,"url":"","summary":""}}
)");
}

TEST(JsonOutput, BytesThatAreNoTextComeAsBase64) {
  Screen screen(json);
  screen.script.output("web", "build", "\xff\xfe\n");
  EXPECT_NE(screen.out.text().find(R"("base64":"//4K")"), std::string::npos) << screen.out.text();
}

TEST(JsonOutput, StaysJsonWithTheSameFieldsWhateverASecretIs) {
  Screen screen(json);
  for (const char* secret : {"false", "project", "a\"b\\c"}) screen.masker.add(secret);
  screen.output->json(R"({"project":"shop","ok":false,"text":"say a\"b\\c \u00e9","list":["false"]})");
  EXPECT_EQ(screen.out.take(), R"({"project":"shop","ok":false,"text":"say •••••• é","list":["••••••"]})"
                               "\n");
  screen.output->table({.columns = {{"PROJECT", "project"}}, .rows = {{"a\"b\\c"}}});
  EXPECT_EQ(screen.out.take(), "{\"project\":\"••••••\"}\n");
}

struct Reader {
  const char* name;
  std::unique_ptr<Output> (*make)(Screen&);
  friend std::ostream& operator<<(std::ostream& to, const Reader& reader) { return to << reader.name; }
};
class Masking : public testing::TestWithParam<Reader> {};

TEST_P(Masking, KeepsASecretOutOfEverythingEvenWhereItArrivesInTwoPieces) {
  Screen screen(GetParam().make);
  screen.masker.add("hunter2\"secret");
  screen.script.run("up hunter2\"secret", 1);
  screen.script.stage("web", "build", "docker", 1);
  screen.script.step("web", "build", 1, "Using hunter2\"secret");
  screen.script.output("web", "build", "token=hunter2\"");
  screen.output->tick();
  screen.script.output("web", "build", "secret\n");
  screen.script.error("web", "build", "x", "denied: hunter2\"secret");
  screen.script.stageEnd("web", "build", wire::Event::Outcome::FAILED, 1, 10, "http://x/hunter2\"secret");
  screen.script.appEnd("web", wire::Event::Outcome::FAILED, "hunter2\"secret", "");
  screen.script.runEnd(wire::Event::Outcome::FAILED, 10);
  screen.output->failure(Error{.code = "y", .message = "hunter2\"secret", .detail = "a hunter2\"secret b"});
  EXPECT_EQ((screen.out.text() + screen.err.text()).find("hunter2"), std::string::npos)
      << screen.out.text() << screen.err.text();
}

INSTANTIATE_TEST_SUITE_P(AllReaders, Masking,
                         testing::Values(Reader{"plain", &plain}, Reader{"json", &json},
                                         Reader{"terminal", &terminal}, Reader{"coloured", &coloured}));

TEST(ErrorText, ShowsTheLineAndACaretBelowItsColumn) {
  std::string file = testing::TempDir() + "cairn-error-text.toml";
  FILE* out = fopen(file.c_str(), "w");
  fputs("project = \"é\"\nprot = 8080\n", out);
  fclose(out);
  Error error{.kind = ErrorKind::Config,
              .code = "unknown-key",
              .message = "there is no setting 'prot'",
              .hint = "did you mean port?",
              .position = {file, 2, 4},
              .via = {"reading app web"}};
  EXPECT_EQ(renderLines(errorLines(error), false),
            "error: there is no setting 'prot'\n  at " + file +
                ":2:4\n  2 | prot = 8080\n    |    ^\n  via reading app web\n"
                "  hint: did you mean port?\n  more: cairn explain unknown-key\n");
  remove(file.c_str());
}

TEST(TableOutput, AlignsColumnsByWhatIsSeenAndLeavesOutEmptyOnes) {
  Table table{.columns = {{"APP", "app"}, {"URL", "url"}, {"STATE", "state"}}};
  table.rows = {{"wëb", "", Cell("done", "7", Tone::Good)}, {"日本", "", "failed"}};
  EXPECT_EQ(renderLines(tableLines(table), false), "APP   STATE\nwëb   done\n日本  failed\n");
  EXPECT_EQ(
      tableJson(table),
      "{\"app\":\"wëb\",\"url\":\"\",\"state\":7}\n{\"app\":\"日本\",\"url\":\"\",\"state\":\"failed\"}\n");
}

}  // namespace
}  // namespace cairn::cli
