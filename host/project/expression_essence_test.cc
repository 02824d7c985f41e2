#include "host/project/expression_essence.h"

#include "host/project/test_words.h"

namespace cairn::host {
namespace {

struct ExpressionEssence : testing::Test {
  ExpressionEssence() {
    for (Scope* scope : {&scope, &changed}) {
      scope->workspace = "prod";
      scope->projectPath = folder.path();
      scope->variables["level"] = {{.value = "strict"}, false, "--var"};
      scope->variables["other"] = {{.value = "as before"}, false, "--var"};
      scope->variables["key"] = {{.value = "hunter2", .secret = true}, true, "--var"};
      scope->extra["input"] = scope->extra["git"] = Datum::unknown();
    }
    changed.variables["level"].value.value = "lax";
    changed.variables["key"].value.value = "hunter3";
  }
  // Whether it says another thing once `level` and the secret `key` are worth another.
  bool tells(const std::string& text) {
    const SettingsNode node{.value = text};
    return essenceOfNode(node, scope) != essenceOfNode(node, changed);
  }
  TempFolder folder;
  Scope scope, changed;
};

TEST_F(ExpressionEssence, IsAnotherWhereAVariableIs) {
  EXPECT_TRUE(tells("${var.level}"));
  EXPECT_FALSE(tells("${var.other}"));
}
TEST_F(ExpressionEssence, SeesAVariableBesideWhatIsUnknown) {
  EXPECT_TRUE(tells("${input.text}@${var.level}"));
  EXPECT_TRUE(tells("${if(input.big, var.level, \"\")}"));
  EXPECT_TRUE(tells("${lookup(var, input.text, \"\")}"));
  EXPECT_TRUE(tells("${[input.text, {a = var.level}]}"));
}
TEST_F(ExpressionEssence, LeavesOutWhatIsUnknownAndWhatIsSecret) {
  EXPECT_FALSE(tells("${input.text} ${git.commit}"));
  EXPECT_FALSE(tells("${var.key}"));
  EXPECT_EQ(essenceOfNode({.value = "${var.key}${lookup(var, input.text)}"}, scope).find("hunter"),
            std::string::npos);
}
TEST_F(ExpressionEssence, SeesTheTextOfATemplateThatNeedsTheInput) {
  folder.write("words.txt", "${input.text} strictly");
  const SettingsNode node{.value = "${template(\"words.txt\")}"};
  const std::string before = essenceOfNode(node, scope);
  folder.write("words.txt", "${input.text} any way");
  EXPECT_NE(essenceOfNode(node, scope), before);
}
TEST_F(ExpressionEssence, TellsPartsApart) {
  auto both = [this](std::string one, std::string other) {
    SettingsNode::List list;
    list.push_back({.value = std::move(one)});
    list.push_back({.value = std::move(other)});
    return essenceOfNode({.value = std::move(list)}, scope);
  };
  EXPECT_NE(both("ab", "c"), both("a", "bc"));
  EXPECT_NE(both("${input.a}", ""), both("${input.b}", ""));
}

}  // namespace
}  // namespace cairn::host
