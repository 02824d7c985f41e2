#include "json_lines.h"

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

namespace cairn::plugins::docker {
namespace {

TEST(JsonLines, PutsObjectsTogetherFromAnyPieces) {
  std::string seen;
  JsonLines lines([&](const nlohmann::json& line) { seen += line.value("stream", "?"); });
  for (char c : std::string("{\"stream\":\"a\"}\r\n{\"stream\":\"b\"}\n{\"stream\":\"c\"}"))
    lines.feed({&c, 1});
  lines.finish();
  EXPECT_EQ(seen, "abc");
  EXPECT_EQ(lines.error(), "");
}

TEST(JsonLines, FindTheErrorInTheStream) {
  int seen = 0;
  JsonLines lines([&](const nlohmann::json&) { ++seen; });
  lines.feed(
      "{\"stream\":\"a\"}\n{\"errorDetail\":{\"code\":1,\"message\":\"RUN "
      "failed\"},\"error\":\"x\"}\n{\"stream\":\"b\"}\n");
  EXPECT_EQ(lines.error(), "RUN failed");
  EXPECT_EQ(seen, 1);
}

TEST(JsonLines, RefuseWhatIsNoJson) {
  JsonLines lines([](const nlohmann::json&) {});
  lines.feed("<html>\n");
  EXPECT_NE(lines.error(), "");
}

}  // namespace
}  // namespace cairn::plugins::docker
