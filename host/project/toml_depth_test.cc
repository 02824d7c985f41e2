#include "host/project/toml_depth.h"

#include <gtest/gtest.h>

namespace cairn::host {
namespace {

std::string dotted(int parts) {
  std::string out = "a";
  for (int i = 1; i < parts; ++i) out += ".a";
  return out;
}

// "line:column", or "" where nothing is too deep.
std::string place(const std::string& text) {
  const auto error = tooDeep(text, "cairn.toml");
  if (!error) return "";
  EXPECT_EQ(error->code, "nested-too-deep");
  return std::to_string(error->position.line) + ":" + std::to_string(error->position.column);
}

TEST(TomlDepth, AHeaderIsMeasured) {
  EXPECT_EQ(place("[" + dotted(100) + "]\n"), "");
  EXPECT_EQ(place("x = 1\n[" + dotted(20000) + "]\n"), "2:201");
}

TEST(TomlDepth, AKeyIsMeasuredBelowItsHeader) {
  EXPECT_EQ(place(dotted(100) + " = 1\n"), "");
  EXPECT_EQ(place(dotted(101) + " = 1\n"), "1:200");
  EXPECT_EQ(place("[[" + dotted(60) + "]]\n" + dotted(40) + " = 1\n"), "");
  EXPECT_EQ(place("[" + dotted(60) + "]\n" + dotted(41) + " = 1\n"), "2:80");
}

TEST(TomlDepth, ListsAndInlineTablesAddUp) {
  EXPECT_NE(place("x = " + std::string(100, '[')), "");
  EXPECT_NE(place("x = {" + dotted(60) + " = {" + dotted(60) + " = 1}}"), "");
  EXPECT_EQ(place("x = {" + dotted(60) + " = 1, " + dotted(60) + " = 1}"), "");
  EXPECT_NE(place("x = [\n {" + dotted(99) + " = 1}]"), "");
}

TEST(TomlDepth, QuotedPartsCount) {
  std::string key = "'a'";
  for (int i = 0; i < 100; ++i) key += " . \"b.\\\"c\"";
  EXPECT_NE(place("[" + key + "]"), "");
}

TEST(TomlDepth, WhatIsTextOrLiesSideBySideDoesNotCount) {
  const std::string dots(300, '.');
  EXPECT_EQ(place("# " + dots + "\nx = \"\\\"" + dots + "\" # " + dots + "\ny = '\\'\nz = '" + dots + "'\n"),
            "");
  EXPECT_EQ(
      place("x = \"\"\"\n\"" + dots + "\n\\\"\"\"" + dots + "\"\"\"\"\"\ny = '''" + dots + "''''\nz = 1\n"),
      "");
  std::string many;
  for (int i = 0; i < 300; ++i) many += "[[a.b]]\nc.d = 1.5\ne = [1.5, {f = [1.5]}]\n";
  EXPECT_EQ(place(many), "");
}

}  // namespace
}  // namespace cairn::host
