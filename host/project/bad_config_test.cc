// Every folder of tests/config holds a wrong cairn.toml and, in `errors`, all that is said about it.

#include "host/project/test_words.h"
#include "host/project/text_file.h"

#include <algorithm>
#include <cstdlib>

namespace cairn::host {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> cases() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(fs::path(CAIRN_SOURCE_ROOT) / "tests/config")) {
    if (fs::exists(entry.path() / "cairn.toml")) out.push_back(entry.path().filename().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

class BadConfig : public testing::TestWithParam<std::string> {};

TEST_P(BadConfig, IsToldExactly) {
  const fs::path folder = fs::path(CAIRN_SOURCE_ROOT) / "tests/config" / GetParam();
  const auto project = loadProject({.folder = folder});
  ASSERT_FALSE(project);
  if (std::getenv("CAIRN_UPDATE_GOLDEN") != nullptr)
    std::ofstream(folder / "errors") << told(project.error());
  EXPECT_EQ(told(project.error()), *readTextFile(folder / "errors", "errors"));
}

TEST_P(BadConfig, UsesOnlyCodesThatAreExplained) {
  const auto project = loadProject({.folder = fs::path(CAIRN_SOURCE_ROOT) / "tests/config" / GetParam()});
  ASSERT_FALSE(project);
  for (const Error& error : project.error()) {
    EXPECT_TRUE(fs::exists(fs::path(CAIRN_SOURCE_ROOT) / "docs/errors" / (error.code + ".md"))) << error.code;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, BadConfig, testing::ValuesIn(cases()), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace cairn::host
