#include "ignore_rules.h"

#include <gtest/gtest.h>

namespace cairn::plugins::files {
namespace {

bool ignores(std::string_view rules, std::string_view path, bool isDirectory = false) {
  IgnoreRules ignore;
  ignore.addText(rules);
  return ignore.ignores(path, isDirectory);
}

TEST(IgnoreRules, NameWithoutSlashMatchesInEveryFolder) {
  EXPECT_TRUE(ignores("*.o", "a/b/c.o"));
  EXPECT_FALSE(ignores("*.o", "a/b/c.cc"));
}
TEST(IgnoreRules, PatternWithSlashIsTiedToTheTop) {
  EXPECT_TRUE(ignores("/build", "build"));
  EXPECT_FALSE(ignores("/build", "a/build"));
  EXPECT_FALSE(ignores("a/*.o", "x/a/b.o"));
}
TEST(IgnoreRules, SlashAtTheEndMeansFoldersOnly) {
  EXPECT_TRUE(ignores("tmp/", "a/tmp", true));
  EXPECT_FALSE(ignores("tmp/", "a/tmp", false));
}
TEST(IgnoreRules, TwoStarsStandForAnyNumberOfFolders) {
  EXPECT_TRUE(ignores("**/x/y", "x/y"));
  EXPECT_TRUE(ignores("a/**/y", "a/b/c/y"));
  EXPECT_TRUE(ignores("a/**", "a/b/c"));
  EXPECT_FALSE(ignores("a/**", "b/a"));
}
TEST(IgnoreRules, StarDoesNotCrossAFolder) {
  EXPECT_FALSE(ignores("/a/*", "a/b/c"));
}
TEST(IgnoreRules, LaterRuleTakesBack) {
  EXPECT_FALSE(ignores("*.log\n!keep.log\n", "keep.log"));
  EXPECT_TRUE(ignores("!keep.log\n*.log\n", "keep.log"));
}
TEST(IgnoreRules, CommentsAndBlankLinesSayNothing) {
  EXPECT_FALSE(ignores("# a\n\n   \n", "# a"));
}
TEST(IgnoreRules, ClassesMatchOneCharacter) {
  EXPECT_TRUE(ignores("[a-c]?.txt", "b1.txt"));
  EXPECT_FALSE(ignores("[!a-c]?.txt", "b1.txt"));
  EXPECT_TRUE(ignores("\\!x", "!x"));
}
TEST(IgnoreRules, ClassThatIsNeverClosedIsPlainText) {
  EXPECT_TRUE(ignores("[ab", "[ab"));
}

}  // namespace
}  // namespace cairn::plugins::files
