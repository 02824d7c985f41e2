#include "host/broker/process_output.h"

#include <gtest/gtest.h>

namespace cairn::host {
namespace {

// The lines that come of `text`.
std::vector<std::string> linesOf(const std::string& text, SafeCut cut) {
  auto io = kj::setupAsyncIo();
  auto pipe = kj::newOneWayPipe();
  std::vector<std::string> lines;
  auto read = readLines(*pipe.in, std::move(cut), [&](std::string line) {
                lines.push_back(std::move(line));
              }).eagerlyEvaluate(nullptr);
  pipe.out->write(text.data(), text.size()).wait(io.waitScope);
  pipe.out = nullptr;
  read.wait(io.waitScope);
  return lines;
}

TEST(ProcessOutput, ALineTooLongIsCutWhereItMayBe) {
  const std::string secret = "hunter2";
  const std::string text = std::string(64 * 1024 - 3, '.') + secret + "\nnext\n";
  const auto lines = linesOf(text, [&](std::string_view piece) {
    return piece.size() - (piece.substr(piece.size() - 3) == secret.substr(0, 3) ? 3 : 0);
  });
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1], secret);
  EXPECT_EQ(lines[2], "next");
}

}  // namespace
}  // namespace cairn::host
