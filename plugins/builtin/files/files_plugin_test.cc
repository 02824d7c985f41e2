#include "files_plugin.h"

#include "pack.h"

#include <cairn/file_tree.h>
#include <cairn/testing/plugin_harness.h>

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <fstream>

namespace cairn::plugins::files {
namespace {

namespace fs = std::filesystem;
using testing::Kind;
using testing::Op;

class FilesPlugin : public ::testing::Test {
 protected:
  FilesPlugin() : dir_(fs::temp_directory_path() / ("files-test-" + std::to_string(::getpid()))) {
    fs::remove_all(dir_);
    fs::create_directories(dir_ / "src");
  }
  ~FilesPlugin() override { fs::remove_all(dir_); }

  void write(const std::string& path, const std::string& content) {
    fs::create_directories((dir_ / "src" / path).parent_path());
    std::ofstream(dir_ / "src" / path) << content;
  }
  Result<Owned<wire::FilesDirectory>> build() {
    Owned<wire::SourceTree> source;
    source->setPath((dir_ / "src").string());
    return harness_.call(Op::BUILD).input(source).result<wire::FilesDirectory>();
  }
  Result<Owned<wire::Archive>> pack(const std::string& name) {
    auto files = CAIRN_TRY(build());
    Owned<RegistrySettings> settings;
    settings->setPath((dir_ / name).string());
    return harness_.call(Op::PUSH).settings(settings).input(files).result<wire::Archive>();
  }
  Result<Owned<wire::FilesDirectory>> unpack(const fs::path& path) {
    Owned<wire::Archive> archive;
    archive->setPath(path.string());
    return harness_.map("cairn.Archive-to-cairn.FilesDirectory")
        .input(archive)
        .result<wire::FilesDirectory>();
  }
  // An archive with one file of this name.
  fs::path archiveWith(const char* name, const char* link = nullptr) {
    auto path = dir_ / "evil.tar";
    archive* writer = archive_write_new();
    archive_write_set_format_pax(writer);
    archive_write_open_filename(writer, path.c_str());
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, link != nullptr ? AE_IFLNK : AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    if (link != nullptr) archive_entry_set_symlink(entry, link);
    archive_write_header(writer, entry);
    archive_entry_free(entry);
    archive_write_free(writer);
    return path;
  }

  static std::string contentOf(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  // In the cache, with those in the making.
  long foldersKept() const {
    const auto folders = fs::directory_iterator(harness_.cacheDir() / "trees");
    return std::count_if(begin(folders), end(folders), [](auto& entry) { return entry.is_directory(); });
  }

  fs::path dir_;
  testing::PluginHarness harness_{plugin()};
};

TEST_F(FilesPlugin, BuildCopiesWhatIsNotIgnored) {
  write("index.html", "hello");
  write("notes.tmp", "x");
  write(".git/HEAD", "x");
  write(".cairnignore", "*.tmp\n");
  auto files = build();
  ASSERT_TRUE(files);
  fs::path path = files->reader().getPath().cStr();
  EXPECT_TRUE(fs::exists(path / "index.html"));
  EXPECT_FALSE(fs::exists(path / "notes.tmp"));
  EXPECT_FALSE(fs::exists(path / ".git"));
  EXPECT_EQ(files->reader().getFileCount(), 2u);
}

TEST_F(FilesPlugin, SameContentHasTheSameDigestAndFolder) {
  write("a", "1");
  auto first = build();
  fs::last_write_time(dir_ / "src/a", fs::file_time_type::clock::now() - std::chrono::hours(1));
  auto second = build();
  ASSERT_TRUE(first && second);
  EXPECT_STREQ(first->reader().getPath().cStr(), second->reader().getPath().cStr());
}

TEST_F(FilesPlugin, AFolderThatSomebodyWroteIntoIsMadeAnewInItsPlace) {
  write("a", "1");
  auto first = build();
  ASSERT_TRUE(first);
  const fs::path place = first->reader().getPath().cStr();
  std::ofstream(place / "a") << "2";
  std::ofstream(place / "more") << "3";
  auto second = build();
  ASSERT_TRUE(second);
  EXPECT_EQ(place, second->reader().getPath().cStr());
  EXPECT_EQ(contentOf(place / "a"), "1");
  EXPECT_FALSE(fs::exists(place / "more"));
  EXPECT_EQ(foldersKept(), 1);
}

TEST_F(FilesPlugin, WhatAKilledBuildLeftIsRemovedByTheNext) {
  write("a", "1");
  auto first = build();
  ASSERT_TRUE(first);
  fs::create_directories(fs::path(first->reader().getPath().cStr()).parent_path() / ".new-abcdef/b");
  write("a", "2");
  ASSERT_TRUE(build());
  EXPECT_EQ(foldersKept(), 2);
}

TEST_F(FilesPlugin, DoesNotPackAFolderThatIsNotWhatWasBuilt) {
  write("a", "1");
  auto files = build();
  ASSERT_TRUE(files);
  std::ofstream(fs::path(files->reader().getPath().cStr()) / "a") << "2";
  Owned<RegistrySettings> settings;
  settings->setPath((dir_ / "out.tar").string());
  auto archive = harness_.call(Op::PUSH).settings(settings).input(*files).result<wire::Archive>();
  ASSERT_FALSE(archive);
  EXPECT_EQ(archive.error().code, "files/folder-changed");
  EXPECT_FALSE(fs::exists(dir_ / "out.tar"));
}

TEST_F(FilesPlugin, AFolderThatAnotherPluginMadeIsPackedWithItsGitFolder) {
  write(".git/HEAD", "ref");
  write("page", "text");
  Owned<wire::FilesDirectory> files;
  files->setPath((dir_ / "src").string());
  files->setDigest(*digestOf(*listFiles(dir_ / "src")));
  Owned<RegistrySettings> settings;
  settings->setPath((dir_ / "site.tar").string());
  auto archive = harness_.call(Op::PUSH).settings(settings).input(files).result<wire::Archive>();
  ASSERT_TRUE(archive) << archive.error().message;
  auto unpacked = unpack(dir_ / "site.tar");
  ASSERT_TRUE(unpacked) << unpacked.error().message;
  EXPECT_STREQ((*unpacked)->getDigest().cStr(), files->getDigest().cStr());
}

TEST_F(FilesPlugin, ABuiltFileHasTheTimeOfItsSource) {
  write("a", "1");
  const auto before = fs::file_time_type::clock::now() - std::chrono::hours(30);
  fs::last_write_time(dir_ / "src/a", before);
  auto files = build();
  ASSERT_TRUE(files);
  EXPECT_EQ(fs::last_write_time(fs::path(files->reader().getPath().cStr()) / "a"),
            fs::last_write_time(dir_ / "src/a"));
}

TEST_F(FilesPlugin, ChangedContentLeavesTheOlderFolderAsItWas) {
  write("a", "1");
  auto first = build();
  write("a", "2");
  auto second = build();
  ASSERT_TRUE(first && second);
  std::string line;
  std::ifstream(fs::path(first->reader().getPath().cStr()) / "a") >> line;
  EXPECT_EQ(line, "1");
  EXPECT_STRNE(first->reader().getDigest().cStr(), second->reader().getDigest().cStr());
}

TEST_F(FilesPlugin, LinkThatLeadsOutIsRefused) {
  fs::create_symlink("../../secret", dir_ / "src/link");
  auto files = build();
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, "files/link-leaves-folder");
}

TEST_F(FilesPlugin, FolderThatIsMissingIsNamed) {
  fs::remove_all(dir_ / "src");
  auto files = build();
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, "files/no-folder");
}

TEST_F(FilesPlugin, SameFilesGiveTheSameArchive) {
  write("a", "1");
  write("b/c", "2");
  for (std::string format : {"tar.gz", "tar.zst", "tar", "zip"}) {
    auto first = pack("one." + format), second = pack("two." + format);
    ASSERT_TRUE(first && second) << format;
    EXPECT_STREQ(first->reader().getDigest().cStr(), second->reader().getDigest().cStr()) << format;
  }
}

TEST_F(FilesPlugin, UnpackedArchiveIsTheFolderItWasMadeFrom) {
  write("a", "1");
  write("b/c", "2");
  fs::permissions(dir_ / "src/a", fs::perms(0755));
  fs::create_symlink("b/c", dir_ / "src/link");
  auto files = build();
  for (std::string format : {"tar.gz", "tar.zst", "tar", "zip"}) {
    auto archive = pack("out." + format);
    ASSERT_TRUE(archive) << format;
    auto back = unpack(archive->reader().getPath().cStr());
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_STREQ(back->reader().getDigest().cStr(), files->reader().getDigest().cStr()) << format;
  }
}

TEST_F(FilesPlugin, NamesOfAnyLettersComeThroughEveryArchive) {
  write("größe", "1");
  fs::create_symlink("größe", dir_ / "src/länge");
  for (std::string format : {"tar.gz", "tar.zst", "tar", "zip"}) {
    ASSERT_TRUE(pack("any." + format)) << format;
    auto files = unpack(dir_ / ("any." + format));
    ASSERT_TRUE(files) << format << ": " << files.error().message;
    const fs::path folder = files->reader().getPath().cStr();
    EXPECT_EQ(fs::read_symlink(folder / "länge"), "größe") << format;
    EXPECT_TRUE(fs::exists(folder / "größe")) << format;
  }
}

TEST_F(FilesPlugin, ArchiveThatLeavesItsFolderIsRefused) {
  for (auto name : {"../evil", "/tmp/evil", "a/../../evil"}) {
    auto files = unpack(archiveWith(name));
    ASSERT_FALSE(files) << name;
    EXPECT_EQ(files.error().code, "files/archive-leaves-folder") << name;
  }
  EXPECT_EQ(unpack(archiveWith("link", "../../etc")).error().code, "files/archive-leaves-folder");
}

TEST_F(FilesPlugin, BrokenArchiveIsAnError) {
  write("../broken.tar.gz", "this is no archive");
  auto files = unpack(dir_ / "broken.tar.gz");
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, "files/archive-failed");
}

TEST_F(FilesPlugin, CheckRefusesAFormatItDoesNotKnow) {
  Owned<RegistrySettings> settings;
  settings->setPath("/x/y.rar");
  auto errors = harness_.check(Kind::REGISTRY).settings(settings).errors();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].code, "files/unknown-format");
}

}  // namespace
}  // namespace cairn::plugins::files
