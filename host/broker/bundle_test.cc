#include "host/broker/bundle.h"

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
