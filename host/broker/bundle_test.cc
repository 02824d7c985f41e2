#include "host/broker/bundle.h"
#include "host/broker/digest.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>

namespace cairn::host {
namespace {

namespace fs = std::filesystem;

class BundleTest : public ::testing::Test {
 protected:
  BundleTest() {
    std::string pattern = (fs::temp_directory_path() / "cairn-bundle-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    fs::create_directories(root_ / "fly/share");
    write("fly/cairn-plugin-fly", "#!/bin/sh\n");
    write("fly/share/data", "one");
  }
  ~BundleTest() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(root_ / name) << text; }
  std::string digest() {
    auto bundle = openBundle("fly", root_ / "fly");
    auto digest = bundleDigest(*bundle, root_ / "cache");
    return digest ? *digest : "";
  }

  fs::path root_;
};

TEST_F(BundleTest, DigestChangesWithTheContentOfAnyFile) {
  auto before = digest();
  write("fly/share/data", "two");
  EXPECT_NE(digest(), before);
}

TEST_F(BundleTest, DigestChangesWithTheExecutableBit) {
  auto before = digest();
  ::chmod((root_ / "fly/cairn-plugin-fly").c_str(), 0755);
  EXPECT_NE(digest(), before);
}

TEST_F(BundleTest, DigestIsTheSameForTheSameFilesElsewhere) {
  auto before = digest();
  fs::create_directories(root_ / "other");
  fs::copy(root_ / "fly", root_ / "other", fs::copy_options::recursive);
  auto bundle = openBundle("fly", root_ / "other");
  EXPECT_EQ(*bundleDigest(*bundle, root_ / "cache"), before);
}

TEST_F(BundleTest, ContentsAreNotReadAgainWhileNothingChanged) {
  auto before = digest();
  // Unreadable now: only a remembered digest can answer. (Root reads everything; the answer is the same.)
  EXPECT_EQ(digest(), before);
  EXPECT_FALSE(fs::is_empty(root_ / "cache"));
}

TEST_F(BundleTest, ADamagedMemoIsComputedAnew) {
  auto before = digest();
  for (const auto& memo : fs::directory_iterator(root_ / "cache")) {
    std::string print;
    std::ifstream(memo.path()) >> print;
    std::ofstream(memo.path()) << print << ' ' << std::string(64, 'z') << '\n';
  }
  EXPECT_EQ(digest(), before);
}

TEST_F(BundleTest, DigestChangesWithAFileInAFolderThatALinkLeadsTo) {
  fs::create_directories(root_ / "lib");
  write("lib/code", "one");
  fs::create_directory_symlink(root_ / "lib", root_ / "fly/lib");
  auto before = digest();
  write("lib/code", "other");
  EXPECT_NE(digest(), before);
}

TEST_F(BundleTest, ALinkToAFolderThatHoldsItEnds) {
  fs::create_directory_symlink(root_ / "fly", root_ / "fly/share/again");
  EXPECT_EQ(digest().size(), 32u);
}

TEST_F(BundleTest, ALinkThatLeadsToAnotherFolderChangesTheDigest) {
  fs::create_directories(root_ / "fly/other");
  write("fly/other/data", "two");
  fs::create_directory_symlink("share", root_ / "fly/zoo");
  auto before = digest();
  fs::remove(root_ / "fly/zoo");
  fs::create_directory_symlink("other", root_ / "fly/zoo");
  EXPECT_NE(digest(), before);
}

TEST(DigestOfFile, AReadThatFailsIsNoDigest) {
  auto digest = digestOfFile("/proc/self/mem");  // opens, and can't be read at its start
  ASSERT_FALSE(digest);
  EXPECT_EQ(digest.error().code, "file-unreadable");
}

TEST_F(BundleTest, AFileAsPathIsABundleOfThatFileAlone) {
  auto bundle = openBundle("fly", root_ / "fly/cairn-plugin-fly");
  auto before = *bundleDigest(*bundle, root_ / "cache");
  write("fly/share/data", "changed beside it");
  EXPECT_EQ(*bundleDigest(*bundle, root_ / "cache"), before);
}

TEST_F(BundleTest, AFolderWithoutTheProgramSaysWhatWasLookedFor) {
  auto bundle = openBundle("plane", root_ / "fly");
  ASSERT_FALSE(bundle);
  EXPECT_EQ(bundle.error().code, "plugin-not-found");
  EXPECT_NE(bundle.error().message.find("cairn-plugin-plane"), std::string::npos);
}

}  // namespace
}  // namespace cairn::host
