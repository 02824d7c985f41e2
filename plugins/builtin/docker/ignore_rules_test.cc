#include "ignore_rules.h"

#include <gtest/gtest.h>

namespace cairn::plugins::docker {
namespace {

TEST(IgnoreRules, TakeAPathAndAllBelowIt) {
  auto rules = IgnoreRules::parse("# comment\nnode_modules\n*.log\n/dist/\n");
  EXPECT_TRUE(rules.ignores("node_modules"));
  EXPECT_TRUE(rules.ignores("node_modules/a/b.js"));
  EXPECT_TRUE(rules.ignores("dist/x"));
  EXPECT_TRUE(rules.ignores("a.log"));
  EXPECT_FALSE(rules.ignores("sub/a.log"));
  EXPECT_FALSE(rules.ignores("sub/node_modules"));
}

TEST(IgnoreRules, LetTheLastFittingRuleDecide) {
  auto rules = IgnoreRules::parse("*\n!src\nsrc/secret\n!src/secret/public.txt");
  EXPECT_TRUE(rules.ignores("README.md"));
  EXPECT_FALSE(rules.ignores("src/main.c"));
  EXPECT_TRUE(rules.ignores("src/secret/key"));
  EXPECT_FALSE(rules.ignores("src/secret/public.txt"));
}

TEST(IgnoreRules, MatchAnyNumberOfFoldersWithTwoStars) {
  auto rules = IgnoreRules::parse("**/*.tmp\ndocs/**/draft\n");
  EXPECT_TRUE(rules.ignores("a.tmp"));
  EXPECT_TRUE(rules.ignores("x/y/a.tmp"));
  EXPECT_TRUE(rules.ignores("docs/draft"));
  EXPECT_TRUE(rules.ignores("docs/a/b/draft/page"));
  EXPECT_FALSE(rules.ignores("other/draft"));
}

TEST(IgnoreRules, MatchClassesQuestionMarksAndEscapes) {
  EXPECT_TRUE(matchesPattern("file[0-9].t?t", "file7.txt"));
  EXPECT_FALSE(matchesPattern("file[^0-9].txt", "file7.txt"));
  EXPECT_TRUE(matchesPattern("a\\*b", "a*b"));
  EXPECT_FALSE(matchesPattern("a\\*b", "axb"));
  EXPECT_FALSE(matchesPattern("a*c", "a/c"));
}

TEST(IgnoreRules, WalkAnIgnoredFolderOnlyWhereSomethingMayComeBack) {
  auto rules = IgnoreRules::parse("*\n!src/lib/*.c\n");
  EXPECT_TRUE(rules.mayHoldExceptions("src"));
  EXPECT_TRUE(rules.mayHoldExceptions("src/lib"));
  EXPECT_FALSE(rules.mayHoldExceptions("node_modules"));
  EXPECT_TRUE(IgnoreRules::parse("*\n!**/keep").mayHoldExceptions("a/b"));
}

}  // namespace
}  // namespace cairn::plugins::docker
