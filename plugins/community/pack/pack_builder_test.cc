#include "pack_builder.h"

#include <cairn/testing/plugin_harness.h>

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace cairn::plugins::pack {
namespace {

namespace fs = std::filesystem;
using testing::Op;

class PackBuilder : public ::testing::Test {
 protected:
  PackBuilder() {
    fs::create_directories(harness_.dataDir() / "web");
    std::ofstream(harness_.dataDir() / "web/index.html") << "hello";
    source_->setPath((harness_.dataDir() / "web").string());
    settings_->initCommand(1).set(0, "/app/serve");
  }
  Result<Owned<Image>> build() {
    return harness_.call(Op::BUILD).settings(settings_).input(source_).result<Image>();
  }

  testing::PluginHarness harness_{plugin()};
  Owned<wire::SourceTree> source_;
  Owned<Settings> settings_;
};

TEST_F(PackBuilder, ImageHasLayerConfigurationAndManifest) {
  auto image = build();
  ASSERT_TRUE(image) << image.error().message;
  archive* reader = archive_read_new();
  archive_read_support_format_tar(reader);
  archive_read_open_filename(reader, image->reader().getPath().cStr(), 4096);
  std::set<std::string> names;
  for (archive_entry* entry; archive_read_next_header(reader, &entry) == ARCHIVE_OK;)
    names.insert(archive_entry_pathname(entry));
  archive_read_free(reader);
  auto id = std::string(image->reader().getId().cStr()).substr(7);
  EXPECT_EQ(names, (std::set<std::string>{id + ".json", "layer.tar", "manifest.json"}));
}

TEST_F(PackBuilder, SameFilesGiveTheSameImage) {
  auto first = build(), second = build();
  ASSERT_TRUE(first && second);
  EXPECT_STREQ(first->reader().getId().cStr(), second->reader().getId().cStr());
}

TEST_F(PackBuilder, OtherCommandGivesAnotherImage) {
  auto first = build();
  settings_->initCommand(1).set(0, "/app/other");
  auto second = build();
  ASSERT_TRUE(first && second);
  EXPECT_STRNE(first->reader().getId().cStr(), second->reader().getId().cStr());
}

TEST_F(PackBuilder, AnImageThatCanNotBePutInItsPlaceIsNoImage) {
  auto first = build();
  ASSERT_TRUE(first);
  const fs::path path = first->reader().getPath().cStr();
  fs::remove(path);
  fs::create_directory(path);
  auto image = build();
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, "pack/tar-failed");
  EXPECT_NE(image.error().message.find(path.string()), std::string::npos) << image.error().message;
}

TEST_F(PackBuilder, SettingsThatAreNoUtf8AreNamed) {
  settings_->initCommand(1).set(0, "\xff");
  auto image = build();
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, "pack/not-utf8");
  EXPECT_EQ(image.error().kind, ErrorKind::Config);
  EXPECT_EQ(image.error().settingPath, "command");
  settings_->initCommand(1).set(0, "/app/serve");
  auto variable = settings_->initEnv(1)[0];
  variable.setName("WHERE");
  variable.setValue("\xe9t\xe9");
  EXPECT_EQ(build().error().settingPath, "env");
}

TEST_F(PackBuilder, MissingFolderIsNamed) {
  settings_->setDirectory("/nowhere/at/all");
  auto image = build();
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, "pack/no-folder");
}

}  // namespace
}  // namespace cairn::plugins::pack
