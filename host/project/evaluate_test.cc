#include "host/project/evaluate.h"
#include "host/project/resolve_settings.h"
#include "host/project/test_words.h"

#include <capnp/message.h>

namespace cairn::host {
namespace {

struct Evaluate : testing::Test {
  Evaluate() : git(GitFacts{.commit = std::string(40, 'a'), .branch = "main", .pretty = "aaaaaaa"}) {
    scope.project = "shop";
    scope.app = "web";
    scope.workspace = "prod";
    scope.projectPath = scope.appPath = folder.path();
    scope.git = &git;
    scope.labels = {{"team", "core"}};
    scope.variables["api"] = {{.value = "http://x"}, false, "--var"};
    scope.variables["key"] = {{.value = "hunter2", .secret = true}, true, "--var"};
    scope.outputs["artifact"] = Datum::unknown();
  }
  // The value as JSON; "unknown", "secret" or the message otherwise.
  std::string worth(const std::string& text) {
    auto datum = evaluateText(text, scope);
    if (!datum) return std::to_string(datum.error().offset) + ": " + datum.error().message;
    if (datum->holdsSecret()) return datum->fullyKnown() ? "secret" : "secret unknown";
    return datum->fullyKnown() ? toJson(*datum) : "unknown";
  }
  TempFolder folder;
  GitSource git;
  Scope scope;
};

TEST_F(Evaluate, KeepsTheTypeOfAWholeExpression) {
  EXPECT_EQ(worth("${length([1, 2, 3])}"), "3");
}
TEST_F(Evaluate, MakesTextOfAPart) {
  EXPECT_EQ(worth("n=${length('abc')}"), R"("n=3")");
}
TEST_F(Evaluate, LeavesAnEscapedDollarAlone) {
  EXPECT_EQ(worth("$${HOME}/${app}"), R"("${HOME}/web")");
}
TEST_F(Evaluate, KnowsNames) {
  EXPECT_EQ(worth("${project}/${app.name}/${workspace}/${labels.team}/${git.short}/${var.api}"),
            R"("shop/web/prod/core/aaaaaaa/http://x")");
}
TEST_F(Evaluate, CarriesUnknownThroughCalls) {
  EXPECT_EQ(worth("${upper(artifact.digest)}"), "unknown");
}
TEST_F(Evaluate, CarriesSecretsThroughCallsAndIndices) {
  EXPECT_EQ(worth("${base64encode(var.key)}"), "secret");
  EXPECT_EQ(worth("${{a = [var.key]}.a[0]}"), "secret");
  EXPECT_EQ(worth("${if(eq(var.key, 'x'), 1, 2)}"), "secret");
}
TEST_F(Evaluate, RefusesWhatHasTooManySteps) {
  for (const std::string step : {".b", "[0]", "['b']"}) {
    std::string text = "${git";
    for (int i = 0; i < 200'000; ++i) text += step;
    EXPECT_NE(worth(text + "}").find("the expression is nested too deeply"), std::string::npos) << step;
  }
}
TEST_F(Evaluate, CountsStepsAndNestingTogether) {
  std::string text = "0";
  for (int i = 0; i < 60; ++i) text = "{a = 0}[" + text + "].a.a.a.a.a.a";
  EXPECT_NE(worth("${" + text + "}").find("the expression is nested too deeply"), std::string::npos);
}
TEST_F(Evaluate, LeavesTheOtherBranchAlone) {
  EXPECT_EQ(worth("${if(true, 1, file('none'))}"), "1");
}
TEST_F(Evaluate, ForgivesWhatIsMissingInDefault) {
  EXPECT_EQ(worth("${default(labels.none, 'd')}"), R"("d")");
}
TEST_F(Evaluate, NamesTheWrongArgument) {
  EXPECT_EQ(worth("${upper(3)}"), "8: the first argument of upper() is a whole number, but must be a string");
}
TEST_F(Evaluate, CountsArguments) {
  EXPECT_EQ(worth("x${replace('a')}"), "3: replace() takes 3 arguments, not 1");
}
TEST_F(Evaluate, JoinsAndMerges) {
  EXPECT_EQ(worth("${merge({a = 1}, {b = split(',', 'x,y')})}"), R"({"a":1,"b":["x","y"]})");
  EXPECT_EQ(worth("${concat('a', 1, true)}"), R"("a1true")");
  EXPECT_EQ(worth("${base64decode(base64encode('hello'))}"), R"("hello")");
  EXPECT_EQ(worth("${jsondecode('{\"a\": [1]}').a[0]}"), "1");
}
TEST_F(Evaluate, ReadsTemplatesWithNamesOfTheirOwn) {
  folder.write("t.txt", "${greeting} ${app}!");
  EXPECT_EQ(worth("${template('t.txt', {greeting = 'hi'})}"), R"("hi web!")");
}
TEST_F(Evaluate, EndsATemplateThatUsesItself) {
  folder.write("t.txt", "${template('t.txt')}");
  EXPECT_NE(worth("${template('t.txt')}").find("templates are nested more than 16 deep"), std::string::npos);
}
TEST_F(Evaluate, EndsTemplatesThatUseEachOtherAgainAndAgain) {
  for (int i = 0; i < 10; ++i) {
    std::string content;
    for (int j = 0; j < 10; ++j) content += "${template('" + std::to_string(i + 1) + "')}";
    folder.write(std::to_string(i), content);
  }
  folder.write("10", "leaf");
  const std::string worked = worth("at ${template('0')}");
  EXPECT_EQ(worked.rfind("14: in \"0\" at byte ", 0), 0u) << worked;
  EXPECT_NE(worked.find("more than 1000 files are read"), std::string::npos) << worked;
}
TEST_F(Evaluate, EndsATextThatGrowsInEachStep) {
  std::string text = "'a'";
  for (int i = 0; i < 12; ++i) text = "replace(" + text + ", 'a', 'aaaaaaaaaa')";
  const std::string worked = worth("${" + text + "}");
  EXPECT_NE(worked.find(": what it makes is too large"), std::string::npos) << worked;
}
TEST_F(Evaluate, CountsWhatIsMadeInAllPartsOfAString) {
  folder.write("large", std::string(10 << 20, 'x'));
  std::string text;
  for (int i = 0; i < 20; ++i) text += "${length(file('large'))}";
  const std::string worked = worth(text);
  EXPECT_NE(worked.find("have more than 128 MiB"), std::string::npos) << worked.substr(0, 100);
}
TEST_F(Evaluate, ReadsNoFileOutsideTheProject) {
  EXPECT_EQ(worth("${file('../x')}"), "7: the file \"../x\" is outside the project's folder");
}
TEST_F(Evaluate, RefusesEndlessNesting) {
  EXPECT_NE(worth("${" + std::string(1000, '[')).find("nested too deeply"), std::string::npos);
}

struct Resolve : Evaluate {
  SettingsNode node(std::string text) { return {.value = std::move(text), .position = {"cairn.toml", 3, 8}}; }
};

TEST_F(Resolve, WritesNoSecretIntoAPlan) {
  capnp::MallocMessageBuilder message;
  auto out = message.initRoot<wire::Setting>();
  const auto report = resolveSettings(node("Bearer ${var.key}"), scope, out);
  ASSERT_TRUE(report);
  EXPECT_STREQ(out.getExpression().cStr(), "Bearer ${var.key}");
  EXPECT_TRUE(out.getSecret());
}

TEST_F(Resolve, WorksOutAtRunWhatWasUnknown) {
  capnp::MallocMessageBuilder message, atRun;
  auto planned = message.initRoot<wire::Setting>();
  const auto planReport = resolveSettings(node("${artifact.digest}-${var.key}"), scope, planned);
  ASSERT_TRUE(planReport);
  EXPECT_EQ(planReport->unknownPaths.size(), 1u);
  scope.outputs["artifact"] = {.value = Datum::Map{{"digest", {.value = "sha256:1"}}}};
  auto out = atRun.initRoot<wire::Setting>();
  const auto report = resolveAtRun(planned.asReader(), scope, out);
  ASSERT_TRUE(report);
  EXPECT_STREQ(out.getText().cStr(), "sha256:1-hunter2");
  EXPECT_EQ(report->secretTexts, std::vector<std::string>{"sha256:1-hunter2"});
}

}  // namespace
}  // namespace cairn::host
