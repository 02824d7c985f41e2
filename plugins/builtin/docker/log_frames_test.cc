#include "log_frames.h"

#include "log_frames_test.h"

#include <gtest/gtest.h>

#include <vector>

namespace cairn::plugins::docker {
namespace {

TEST(FrameReader, TellsTheStreamsApartHoweverTheBytesArrive) {
  const std::string bytes =
      frame(1, "out") + frame(2, "err") + frame(1, "") + frame(1, std::string(300, 'x'));
  for (std::size_t piece : {std::size_t(1), std::size_t(3), bytes.size()}) {
    std::string out, err;
    FrameReader reader(false, [&](Stream stream, std::string_view text) {
      (stream == Stream::Stdout ? out : err).append(text);
    });
    for (std::size_t i = 0; i < bytes.size(); i += piece)
      reader.feed(std::string_view(bytes).substr(i, piece));
    EXPECT_EQ(out, "out" + std::string(300, 'x'));
    EXPECT_EQ(err, "err");
  }
}

TEST(FrameReader, PassesATerminalsBytesOnAsTheyAre) {
  std::string out;
  FrameReader reader(true, [&](Stream, std::string_view text) { out.append(text); });
  reader.feed(std::string("\1\0\0\0\0\0\0\3", 8));
  EXPECT_EQ(out.size(), 8u);
}

TEST(LineSplitter, KeepsThePartialLinesOfTheStreamsApart) {
  std::vector<std::string> lines;
  LineSplitter splitter([&](Stream, std::string_view line) { lines.emplace_back(line); });
  splitter.feed(Stream::Stdout, "one\r\ntw");
  splitter.feed(Stream::Stderr, "bad\n");
  splitter.feed(Stream::Stdout, "o\nlast");
  splitter.finish();
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "bad", "two", "last"}));
}

TEST(LineSplitter, CutsALineThatIsTooLongAndKeepsTheRest) {
  std::vector<std::string> lines;
  LineSplitter splitter([&](Stream, std::string_view line) { lines.emplace_back(line); }, 4);
  splitter.feed(Stream::Stdout, "abcd\r");
  splitter.feed(Stream::Stdout, "\n1234\n12345678");
  EXPECT_EQ(lines, (std::vector<std::string>{"abcd", "", "1234", "1234"}));
  splitter.finish();
  EXPECT_EQ(lines.back(), "5678");
}

TEST(Timestamp, IsTakenOffTheLine) {
  std::string_view line = "1970-01-02T00:00:01.250999999Z hello";
  EXPECT_EQ(takeTimestamp(line).count(), 86'401'250);
  EXPECT_EQ(line, "hello");
}

TEST(Timestamp, IsNoneWhereTheLineHasNone) {
  std::string_view line = "hello";
  EXPECT_EQ(takeTimestamp(line).count(), 0);
  EXPECT_EQ(line, "hello");
}

}  // namespace
}  // namespace cairn::plugins::docker
