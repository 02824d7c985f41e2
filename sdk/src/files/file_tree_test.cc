#include <cairn/dynamic/digest.h>
#include <cairn/file_tree.h>

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>

namespace cairn {
namespace {

namespace fs = std::filesystem;

class FileTreeTest : public ::testing::Test {
 protected:
  FileTreeTest() {
    std::string name = fs::temp_directory_path() / "cairn-files-XXXXXX";
    CAIRN_ASSERT(::mkdtemp(name.data()) != nullptr);
    dir_ = name;
    fs::create_directory(from());
    fs::create_directory(to());
  }
  ~FileTreeTest() override { (void)removeFiles(dir_); }

  fs::path from() const { return dir_ / "from"; }
  fs::path to() const { return dir_ / "to"; }
  void write(const std::string& path, const std::string& content) const {
    fs::create_directories((from() / path).parent_path());
    std::ofstream(from() / path) << content;
  }
  Result<std::string> copy(const CopyOptions& options = {}) const {
    return copyFiles(CAIRN_TRY(listFiles(from())), to(), options);
  }
  static std::string read(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  static std::uint32_t modeOf(const fs::path& path) {
    return static_cast<std::uint32_t>(fs::symlink_status(path).permissions());
  }

  fs::path dir_;
};

TEST_F(FileTreeTest, TheDigestIsWhatTheSchemaSays) {
  write("b/c", "x");
  write("a", "1");
  fs::permissions(from() / "a", fs::perms(0700));
  fs::create_symlink("b/c", from() / "link");
  Sha256 lines;
  const auto line = [&](const std::string& text) { lines.add(text).add(std::string_view("\0", 1)); };
  line("755 " + hex(sha256("1")) + " a");
  line("dir  b");
  line("644 " + hex(sha256("x")) + " b/c");
  line("link " + hex(sha256("b/c")) + " link");
  EXPECT_EQ(digestOf(listFiles(from()).value()).value(), "sha256:" + hex(lines.finish()));
}

TEST_F(FileTreeTest, ACopyHasTheDigestOfItsSource) {
  write("b/c", std::string(300'000, 'x'));
  write("empty", "");
  fs::create_symlink("nowhere", from() / "link");
  EXPECT_EQ(copy().value(), digestOf(listFiles(from()).value()).value());
  EXPECT_EQ(digestOf(listFiles(to()).value()).value(), digestOf(listFiles(from()).value()).value());
}

TEST_F(FileTreeTest, ACopyKeepsModesLinksAndTimes) {
  write("closed/file", "x");
  fs::create_symlink("closed/file", from() / "link");
  const auto before = fs::file_time_type::clock::now() - std::chrono::hours(30);
  fs::last_write_time(from() / "closed/file", before);
  fs::last_write_time(from() / "closed", before);
  fs::permissions(from() / "closed/file", fs::perms(0640));
  fs::permissions(from() / "closed", fs::perms(0555));
  ASSERT_TRUE(copy());
  EXPECT_EQ(modeOf(to() / "closed/file"), 0640u);
  EXPECT_EQ(modeOf(to() / "closed"), 0555u);
  EXPECT_EQ(fs::read_symlink(to() / "link"), "closed/file");
  EXPECT_EQ(fs::last_write_time(to() / "closed/file"), fs::last_write_time(from() / "closed/file"));
  EXPECT_EQ(fs::last_write_time(to() / "closed"), fs::last_write_time(from() / "closed"));
}

TEST_F(FileTreeTest, WhatIsWrittenIntoACopyIsNotInItsSource) {
  write("file", "source");
  ASSERT_TRUE(copy());
  std::fstream(to() / "file") << "copied";
  EXPECT_EQ(read(from() / "file"), "source");
}

TEST_F(FileTreeTest, PlainModesAreTheSameForEverybody) {
  write("private", "x");
  write("program", "x");
  fs::permissions(from() / "private", fs::perms(0600));
  fs::permissions(from() / "program", fs::perms(0700));
  ASSERT_TRUE(copy({.plainModes = true, .before = {}}));
  EXPECT_EQ(modeOf(to() / "private"), 0644u);
  EXPECT_EQ(modeOf(to() / "program"), 0755u);
}

TEST_F(FileTreeTest, CopyingEndsWithTheErrorOfWhoeverIsAskedBefore) {
  write("a", "1");
  write("b", "2");
  const auto ended =
      copy({.plainModes = false, .before = [](std::size_t entry) -> Result<void> {
              if (entry == 0) return {};
              return Error{.kind = ErrorKind::Cancelled, .code = "cancelled", .message = "stop"};
            }});
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, "cancelled");
  EXPECT_TRUE(fs::exists(to() / "a"));
  EXPECT_FALSE(fs::exists(to() / "b"));
}

TEST_F(FileTreeTest, ASocketIsNamed) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", from().c_str());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(fd);
  const auto tree = listFiles(from());
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().code, "not-a-file");
}

TEST_F(FileTreeTest, ANamedPipeInTheListedFilesPlaceIsRefusedAndNotWaitedFor) {
  write("a", "1");
  const auto tree = listFiles(from());
  fs::remove(from() / "a");
  ASSERT_EQ(::mkfifo((from() / "a").c_str(), 0600), 0);
  const auto digest = digestOf(*tree), copied = copyFiles(*tree, to());
  ASSERT_FALSE(digest || copied);
  EXPECT_EQ(digest.error().code, "not-a-file");
  EXPECT_EQ(copied.error().code, "not-a-file");
}

TEST_F(FileTreeTest, AFileThatIsThereAlreadyIsNotOverwritten) {
  write("a", "1");
  std::ofstream(to() / "a") << "other";
  EXPECT_EQ(copy().error().code, "unwritable");
  EXPECT_EQ(read(to() / "a"), "other");
}

TEST_F(FileTreeTest, RemovesFoldersThatAreClosedToTheirOwner) {
  write("closed/inner/file", "x");
  fs::permissions(from() / "closed/inner", fs::perms(0500));
  fs::permissions(from() / "closed", fs::perms(0500));
  EXPECT_TRUE(removeFiles(from()));
  EXPECT_FALSE(fs::exists(from()));
  EXPECT_TRUE(removeFiles(from()));
}

}  // namespace
}  // namespace cairn
