#include <cairn/base/replace_file.h>

#include <gtest/gtest.h>

#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace cairn {
namespace {

namespace fs = std::filesystem;

struct ReplaceFile : testing::Test {
  ReplaceFile() {
    std::string pattern = (fs::temp_directory_path() / "cairn-replace-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  ~ReplaceFile() override { fs::remove_all(folder); }
  std::string at(const std::string& name) const { return (folder / name).string(); }
  std::string read(const std::string& name) const {
    std::ifstream file(at(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  long files() const { return std::distance(fs::directory_iterator(folder), fs::directory_iterator()); }

  fs::path folder;
};

TEST_F(ReplaceFile, WhoHasTheOldOneOpenReadsTheOldOne) {
  ASSERT_TRUE(replaceFile(at("state"), "old"));
  std::ifstream open(at("state"));
  ASSERT_TRUE(replaceFile(at("state"), "new", Sync::Yes));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(open), {}), "old");
  EXPECT_EQ(read("state"), "new");
  EXPECT_EQ(files(), 1);
}

TEST_F(ReplaceFile, WhatCanNotBePutInPlaceLeavesNothing) {
  fs::create_directory(at("state"));
  EXPECT_FALSE(replaceFile(at("state"), "new"));
  EXPECT_EQ(errno, EISDIR);
  EXPECT_EQ(files(), 1);
}

TEST_F(ReplaceFile, AFolderThatIsNotThereIsTold) {
  EXPECT_FALSE(replaceFile(at("none/state"), "new"));
  EXPECT_EQ(errno, ENOENT);
}

}  // namespace
}  // namespace cairn
