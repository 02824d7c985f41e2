#include "cli/write_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace cairn::cli {
namespace {

namespace fs = std::filesystem;

struct WriteFile : testing::Test {
  WriteFile() {
    std::string pattern = (fs::temp_directory_path() / "cairn-write-XXXXXX").string();
    folder = mkdtemp(pattern.data());
  }
  ~WriteFile() override { fs::remove_all(folder); }

  std::string at(const std::string& name) const { return (folder / name).string(); }
  void put(const std::string& name, const std::string& text) const { std::ofstream(at(name)) << text; }
  std::string read(const std::string& name) const {
    std::ostringstream out;
    out << std::ifstream(at(name)).rdbuf();
    return out.str();
  }
  mode_t mode(const std::string& name) const {
    struct stat status {};
    EXPECT_EQ(lstat(at(name).c_str(), &status), 0) << name;
    return status.st_mode;
  }
  long files() const { return std::distance(fs::directory_iterator(folder), fs::directory_iterator()); }

  fs::path folder;
};

TEST_F(WriteFile, AFileForItsOwnerIsReadableByNobodyElse) {
  put("plan", "old");
  ASSERT_TRUE(writeFile(at("plan"), "new", Readers::OwnerOnly));
  EXPECT_EQ(read("plan"), "new");
  EXPECT_EQ(mode("plan") & 0777, 0600u);
  EXPECT_EQ(files(), 1);
}

TEST_F(WriteFile, AnOrdinaryFileKeepsItsMode) {
  put("picture", "old");
  chmod(at("picture").c_str(), 0664);
  ASSERT_TRUE(writeFile(at("picture"), "new", Readers::AsUsual));
  EXPECT_EQ(mode("picture") & 0777, 0664u);
}

TEST_F(WriteFile, ALinkBesideItThatSomebodyPutThereIsLeftAlone) {
  put("victim", "precious");
  fs::create_symlink("victim", at("z.plan.part"));
  ASSERT_TRUE(writeFile(at("z.plan"), "new", Readers::OwnerOnly));
  EXPECT_EQ(read("victim"), "precious");
  EXPECT_EQ(read("z.plan"), "new");
}

TEST_F(WriteFile, ALinkIsFollowedToItsFile) {
  fs::create_directory(at("there"));
  put("there/plan", "old");
  fs::create_symlink("there/plan", at("link"));
  fs::create_symlink("link", at("further"));
  ASSERT_TRUE(writeFile(at("further"), "new", Readers::OwnerOnly));
  EXPECT_TRUE(S_ISLNK(mode("further")) && S_ISLNK(mode("link")));
  EXPECT_EQ(read("there/plan"), "new");
}

TEST_F(WriteFile, ALinkToNothingMakesItsFile) {
  fs::create_symlink("plan", at("link"));
  ASSERT_TRUE(writeFile(at("link"), "new", Readers::OwnerOnly));
  EXPECT_TRUE(S_ISLNK(mode("link")));
  EXPECT_EQ(read("plan"), "new");
}

TEST_F(WriteFile, ANamedPipeIsWrittenInto) {
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  const int reader = open(at("pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_TRUE(writeFile(at("pipe"), "new", Readers::OwnerOnly));
  char text[8] = {};
  EXPECT_EQ(::read(reader, text, sizeof text), 3);
  close(reader);
  EXPECT_TRUE(S_ISFIFO(mode("pipe")));
}

TEST_F(WriteFile, AFileInAFolderThatTakesNoNewOneIsWrittenInto) {
  put("picture", "the longer old one");
  chmod(at("picture").c_str(), 0666);
  chmod(folder.c_str(), 0555);
  // What root may is no question here: for files this thread is nobody meanwhile.
  constexpr uid_t kNobody = 65534;
  if (geteuid() == 0) setfsuid(kNobody);
  const auto written = writeFile(at("picture"), "new", Readers::AsUsual);
  if (geteuid() == 0) setfsuid(0);
  chmod(folder.c_str(), 0755);
  ASSERT_TRUE(written) << written.error().errors.front().message;
  EXPECT_EQ(read("picture"), "new");
  EXPECT_EQ(mode("picture") & 0777, 0666u);
}

TEST_F(WriteFile, AFolderIsRefusedAndNothingIsLeft) {
  fs::create_directory(at("plan"));
  auto written = writeFile(at("plan"), "new", Readers::OwnerOnly);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().errors.front().code, "file-not-written");
  EXPECT_EQ(files(), 1);
}

}  // namespace
}  // namespace cairn::cli
