#include "log_reader.h"

#include "log_frames_test.h"

#include <gtest/gtest.h>

#include <vector>

namespace cairn::plugins::docker {
namespace {

constexpr const char* kFirst = "1970-01-01T00:00:01.000000000Z ";
constexpr const char* kSecond = "1970-01-01T00:00:02.000000000Z ";
const std::string kPiece(16 * 1024, 'x');

struct Line {
  Stream stream;
  std::int64_t ms;
  std::string text;
  bool operator==(const Line& other) const {
    return stream == other.stream && ms == other.ms && text == other.text;
  }
};

// Fed in pieces that end where nothing does.
std::vector<Line> read(bool terminal, const std::string& bytes) {
  std::vector<Line> out;
  LogReader reader(terminal, [&](Stream stream, std::chrono::milliseconds time, std::string_view text) {
    out.push_back({stream, time.count(), std::string(text)});
  });
  for (std::size_t at = 0; at < bytes.size(); at += 1000)
    reader.feed(std::string_view(bytes).substr(at, 1000));
  reader.finish();
  return out;
}

TEST(LogReader, ALongLineHasItsFirstTimeAndNoOtherWithinIt) {
  const auto lines =
      read(false, frame(1, kFirst + kPiece) + frame(2, std::string(kFirst) + "meanwhile\n") +
                      frame(1, std::string(kSecond) + "end\n") + frame(1, std::string(kSecond) + "next\n"));
  EXPECT_EQ(lines, (std::vector<Line>{{Stream::Stderr, 1000, "meanwhile"},
                                      {Stream::Stdout, 1000, kPiece + "end"},
                                      {Stream::Stdout, 2000, "next"}}));
}

TEST(LogReader, ALongLineOfATerminalHasNoTimeWithinItEither) {
  const auto lines =
      read(true, kFirst + kPiece + kSecond + kPiece + kSecond + "end\r\n" + kSecond + "next\r\n");
  EXPECT_EQ(lines, (std::vector<Line>{{Stream::Stdout, 1000, kPiece + kPiece + "end"},
                                      {Stream::Stdout, 2000, "next"}}));
}

TEST(LogReader, ALineThatNeverEndsIsGivenOutInPiecesWithTheirTimes) {
  std::string whole, framed, raw;
  for (int i = 0; i < 65; ++i) {
    framed += frame(1, (i < 64 ? kFirst : kSecond) + kPiece);
    raw += (i < 64 ? kFirst : kSecond) + kPiece;
    whole += kPiece;
  }
  for (bool terminal : {false, true}) {
    const auto lines = read(terminal, terminal ? raw : framed);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].ms, 1000);
    EXPECT_EQ(lines[1].ms, 2000);
    EXPECT_TRUE(lines[0].text + lines[1].text == whole) << "terminal " << terminal;
  }
}

}  // namespace
}  // namespace cairn::plugins::docker
