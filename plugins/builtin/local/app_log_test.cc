#include "app_log.h"

#include "test_support.h"

#include <fstream>

namespace cairn::plugins::local {
namespace {

namespace fs = std::filesystem;

class AppLog : public ::testing::Test {
 protected:
  void append(const std::string& text) { std::ofstream(path(), std::ios::app) << text << std::flush; }
  void append(const char* file, const std::string& text) { folder_.write(file, text); }
  void rotate() { fs::rename(path(), path().string() + ".1"); }
  fs::path path() const { return folder_.path() / "app.log"; }
  static std::string textsOf(LogReader& reader) {
    std::string out;
    while (auto entry = reader.next()) out += entry->text + ";";
    return out;
  }
  TestFolder folder_;
};

TEST(ParseLogLine, TellsTimeStreamAndText) {
  const LogEntry entry = parseLogLine("2026-11-21T10:00:00.123Z err can't  read");
  EXPECT_EQ(entry.time.count(), 1795255200123);
  EXPECT_EQ(entry.stream, Stream::Stderr);
  EXPECT_EQ(entry.text, "can't  read");
}

TEST(ParseLogLine, KeepsALineOfAnotherForm) {
  const LogEntry entry = parseLogLine("torn");
  EXPECT_EQ(entry.time.count(), 0);
  EXPECT_EQ(entry.text, "torn");
}

TEST_F(AppLog, GivesTheOlderFileFirst) {
  append("app.log.1", "one\n");
  append("app.log", "two\n");
  LogReader reader(path());
  EXPECT_EQ(textsOf(reader), "one;two;");
}

TEST_F(AppLog, WaitsForTheRestOfALine) {
  append("half");
  LogReader reader(path());
  EXPECT_EQ(textsOf(reader), "");
  append(" whole\n");
  EXPECT_EQ(textsOf(reader), "half whole;");
}

TEST_F(AppLog, FollowsIntoTheNewFileAndLosesNothing) {
  append("one\n");
  LogReader reader(path());
  EXPECT_EQ(textsOf(reader), "one;");
  append("two\n");
  rotate();
  append("three\n");
  EXPECT_EQ(textsOf(reader), "two;three;");
}

TEST_F(AppLog, WaitsForAFileThatIsNotThereYet) {
  LogReader reader(path());
  EXPECT_EQ(textsOf(reader), "");
  append("one\n");
  EXPECT_EQ(textsOf(reader), "one;");
}

}  // namespace
}  // namespace cairn::plugins::local
