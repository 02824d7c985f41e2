#include "cli/output/text.h"

#include <gtest/gtest.h>

#include "cli/output/table.h"

#include "cli/output/json_tree.h"
#include "cli/output/line.h"
#include "cli/output/line_buffer.h"
#include "cli/output/masker.h"

namespace cairn::cli {
namespace {

TEST(Text, ShortensByColumnsNotByBytes) {
  EXPECT_EQ(shorten("日本語", 6), "日本語");
  EXPECT_EQ(shorten("日本語", 5), "日本…");
  EXPECT_EQ(shorten("abcdef", 4), "abc…");
}

TEST(Text, CountsSignsThatAreDrawnAsPicturesAsTwoColumns) {
  EXPECT_EQ(displayWidth("✅ ok"), 5);
  EXPECT_EQ(displayWidth("⚡⭐❌"), 6);
  EXPECT_EQ(displayWidth("⚠\uFE0F"), 2);
  EXPECT_EQ(displayWidth("✓ →"), 3);
}

TEST(Text, CountsTheRowsOfAWrappedLine) {
  EXPECT_EQ(rowsTaken("", 4), 1u);
  EXPECT_EQ(rowsTaken("abcd", 4), 1u);
  EXPECT_EQ(rowsTaken("abcde", 4), 2u);
  EXPECT_EQ(rowsTaken("a日本語", 4), 2u);
  EXPECT_EQ(rowsTaken("a日本語x", 4), 3u) << "a letter of two columns begins a new row";
}

TEST(Line, ShowsThatItWasCutAlsoBetweenTwoPieces) {
  EXPECT_EQ(Line("abc").add("def").render(false, 3), "ab…");
  EXPECT_EQ(Line("abc").add("def").render(false, 6), "abcdef");
  EXPECT_EQ(Line("abc").render(false, 3), "abc");
}

TEST(Text, CleansWhatMustNotReachATerminal) {
  EXPECT_EQ(cleanText("a\x1b[31mb\x1b]0;title\ac\td\x07\xff"), "abc  d\xEF\xBF\xBD");
  EXPECT_EQ(cleanText("\x1b[31"), "");
  EXPECT_EQ(cleanText("a\x1b(Bb\x1b#8c\x1b("), "abc");
  EXPECT_EQ(cleanText("a\x1b_app\x1b\\b\x1b^note\ac\x1bXstring\x1b\\d"), "abcd");
  EXPECT_EQ(cleanText("a\u202Eb\u2066c\u2069d\u2068"), "abcd");
}

TEST(Text, SaysHowLongAndHowBig) {
  EXPECT_EQ(durationText(349), "0.3s");
  EXPECT_EQ(durationText(185'000), "3m05s");
  EXPECT_EQ(durationText(7'800'000), "2h10m");
  EXPECT_EQ(sizeText(1536), "1.5 KiB");
  EXPECT_EQ(ageText(1000, 1000 + 300'000), "5 min ago");
  EXPECT_EQ(timeText(1'000'000'000'000), "2001-09-09 01:46:40 UTC");
}

TEST(LineBuffer, KeepsTheLastStateOfARewrittenLine) {
  LineBuffer buffer;
  EXPECT_EQ(buffer.feed("10%\r50%\r100%\r\nnext", {}), std::vector<std::string>{"100%"});
  EXPECT_EQ(buffer.rest(), "next");
}

TEST(LineBuffer, CutsAnEndlessLineBesideASecret) {
  Masker masker;
  masker.add("hunter2");
  LineBuffer buffer;
  std::string told;
  for (const std::string& line : buffer.feed(std::string(64 * 1024 - 3, '.') + "hun", masker))
    told += masker.mask(line);
  for (const std::string& line : buffer.feed("ter2 and\n", masker)) told += masker.mask(line);
  EXPECT_EQ(told.find("hunter"), std::string::npos);
  EXPECT_NE(told.find("•••••• and"), std::string::npos);
}

TEST(Masker, CutsNothingThatIsNoSecret) {
  Masker masker;
  masker.add("aaaa");
  masker.add("aaaabbbb");
  EXPECT_EQ(masker.safeCut("hunt"), 4u);
  EXPECT_EQ(masker.safeCut("xaaaabb"), 1u);
  EXPECT_EQ(masker.safeCut(std::string(64, 'a') + "c"), 65u);
}

TEST(Masker, MasksTheLongerOfTwoSecretsThatShareAStart) {
  Masker masker;
  masker.add("abcd");
  masker.add("abcdef");
  masker.add("x");
  EXPECT_EQ(masker.mask("abcdef x"), "•••••• x");
}

TEST(Masker, MasksEachLineOfASecret) {
  Masker masker;
  masker.add("-----BEGIN\nMIIEvQ\n-----END");
  EXPECT_EQ(masker.mask("  MIIEvQ"), "  ••••••");
}

TEST(Masker, FindsNoSecretThatMayStandThereByChance) {
  Masker masker;
  masker.add("web");
  masker.add("shop-web");
  EXPECT_TRUE(masker.finds("example.test/shop-web:1"));
  EXPECT_FALSE(masker.finds("example.test/web:1"));
}

TEST(JsonTree, IsReadByIndentation) {
  EXPECT_EQ(renderLines(jsonTreeLines(R"({"a":1,"b":"","c":{"d":["x","y"]},"e":"l1\nl2"})"), false),
            "a: 1\nc: \n  d: \n    - x\n    - y\ne: l1\n   l2\n");
}

TEST(WrapWords, BreaksBetweenWordsAndKeepsLongOnesWhole) {
  EXPECT_EQ(wrapWords("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrapWords("http://localhost:18077 ok", 7),
            (std::vector<std::string>{"http://localhost:18077", "ok"}));
  EXPECT_TRUE(wrapWords("", 7).empty());
}

TEST(WrapPage, JoinsTheLinesOfAParagraphAndLeavesCodeAsItIs) {
  EXPECT_EQ(wrapPage("one two\nthree\n\n```\na  b  c d e f\n```\n- an item\n  more\n", 9),
            (std::vector<std::string>{"one two", "three", "", "```", "a  b  c d e f", "```", "- an item",
                                      "  more"}));
}

TEST(TableLines, WhereTheTableIsWiderThanTheTerminalEachRowIsAParagraph) {
  const Table table{.columns = {{"APP", ""}, {"VERSION", ""}, {"URL", ""}},
                    .rows = {{"web", "v2", "http://127.0.0.1:18077"}, {"", "v1", ""}}};
  EXPECT_EQ(renderLines(tableLines(table, 30), false),
            "web\n  version: v2, url:\n  http://127.0.0.1:18077\nv1\n");
  EXPECT_EQ(renderLines(tableLines(table, 80), false),
            "APP  VERSION  URL\nweb  v2       http://127.0.0.1:18077\n     v1\n");
}

}  // namespace
}  // namespace cairn::cli
