#include "entrypoint/supervise/log_file.h"

#include "entrypoint/testing/programs.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

namespace cairn::entrypoint {
namespace {

using testing::contentOf;
using testing::TempFolder;

// The log's content without the times.
std::string linesOf(const std::string& path) {
  return std::regex_replace(contentOf(path), std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z )"), "");
}

TEST(LogFile, ALineThatComesInPiecesIsOneLine) {
  TempFolder folder;
  LogFile log = LogFile::open(folder / "log").value();
  LineCutter out(log, "out");
  out.take("he");
  out.take("llo\nwor");
  out.take("ld\r\n\n");
  EXPECT_EQ(linesOf(folder / "log"), "out hello\nout world\nout \n");
}

TEST(LogFile, ALastLineWithoutEndIsKept) {
  TempFolder folder;
  LogFile log = LogFile::open(folder / "log").value();
  LineCutter err(log, "err");
  err.take("Segmentation");
  err.finish();
  EXPECT_EQ(linesOf(folder / "log"), "err Segmentation\n");
}

TEST(LogFile, AnEndlessLineIsCut) {
  TempFolder folder;
  LogFile log = LogFile::open(folder / "log").value();
  LineCutter out(log, "out");
  out.take(std::string(LineCutter::kMaxLine + 3, 'x') + "\n");
  EXPECT_EQ(linesOf(folder / "log"), "out " + std::string(LineCutter::kMaxLine, 'x') + "\nout xxx\n");
}

TEST(LogFile, PastItsLimitOneOldFileIsKept) {
  TempFolder folder;
  LogFile log = LogFile::open(folder / "log", 100).value();
  for (char c = 'a'; c <= 'f'; ++c) log.writeLine("out", std::string(30, c));
  EXPECT_EQ(linesOf(folder / "log.1") + linesOf(folder / "log"),
            "out " + std::string(30, 'e') + "\nout " + std::string(30, 'f') + "\n");
}

TEST(LogFile, WhereNoNewFileCanBeOpenedTheOldOneIsWrittenOn) {
  TempFolder folder;
  LogFile log = LogFile::open(folder / "in/log", 40).value();
  log.writeLine("out", "one");
  std::filesystem::rename(folder / "in", folder / "away");
  log.writeLine("out", "two");
  std::filesystem::rename(folder / "away", folder / "in");
  log.writeLine("out", "three");
  EXPECT_EQ(linesOf(folder / "in/log.1"), "out one\nout two\n");
  EXPECT_EQ(linesOf(folder / "in/log"), "out three\n");
}

TEST(LogFile, GoesOnWhereItLeftOff) {
  TempFolder folder;
  LogFile::open(folder / "log").value().writeLine("out", "one");
  LogFile::open(folder / "log").value().writeLine("out", "two");
  EXPECT_EQ(linesOf(folder / "log"), "out one\nout two\n");
}

}  // namespace
}  // namespace cairn::entrypoint
