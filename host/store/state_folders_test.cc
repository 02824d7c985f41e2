#include "host/store/state_folders.h"

#include "host/store/store_fixture.h"

#include <cerrno>
#include <fstream>

namespace cairn::host {
namespace {

// Sets a variable of the environment, or removes it, until the end of the test.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = getenv(name)) before_ = old;
    value != nullptr ? setenv(name, value, 1) : unsetenv(name);
  }
  ~Variable() { before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(StateFolders, FollowXdgAndFallBackToHome) {
  Variable state("XDG_STATE_HOME", "/srv/state"), cache("XDG_CACHE_HOME", nullptr),
      home("HOME", "/home/alice");
  auto folders = findStateFolders();
  ASSERT_TRUE(folders);
  EXPECT_EQ("/srv/state/cairn/cairn.db", folders->database());
  EXPECT_EQ("/home/alice/.cache/cairn", folders->cache);
}

TEST(StateFolders, ARelativeXdgPathIsIgnored) {
  Variable state("XDG_STATE_HOME", "state"), cache("XDG_CACHE_HOME", "/c"), home("HOME", "/home/alice");
  EXPECT_EQ("/home/alice/.local/state/cairn", findStateFolders()->state);
}

TEST(StateFolders, WithoutAHomeIsAnError) {
  Variable state("XDG_STATE_HOME", nullptr), cache("XDG_CACHE_HOME", "/c"), home("HOME", nullptr);
  auto folders = findStateFolders();
  ASSERT_FALSE(folders);
  EXPECT_EQ("no-home", folders.error().code);
}

TEST(StateFolders, AreMadeForTheirOwnerOnly) {
  TemporaryFolder folder;
  ASSERT_TRUE(makePrivateFolder(folder.path + "/a/b/c"));
  ASSERT_TRUE(makePrivateFolder(folder.path + "/a/b/c"));
  EXPECT_EQ(std::filesystem::perms(0700), std::filesystem::status(folder.path + "/a/b").permissions());
}

TEST(StateFolders, AFileInTheWayIsNamed) {
  TemporaryFolder folder;
  std::ofstream(folder.path + "/a") << "not a folder";
  auto made = makePrivateFolder(folder.path + "/a");
  ASSERT_FALSE(made);
  EXPECT_EQ("state-folder", made.error().code);
  EXPECT_NE(std::string::npos, made.error().message.find(folder.path + "/a"));
}

TEST(StateFolders, AFullDiskIsNotTakenForAReadOnlyOne) {
  EXPECT_EQ("store-full", folderError("create", "/x", ENOSPC).code);
  EXPECT_EQ("store-read-only", folderError("create", "/x", EROFS).code);
}

}  // namespace
}  // namespace cairn::host
