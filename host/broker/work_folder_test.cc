#include "host/broker/work_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace cairn::host {
namespace {

namespace fs = std::filesystem;

// TMPDIR as a folder of the test's own.
struct OwnTmpdir {
  OwnTmpdir() {
    std::string pattern = (fs::temp_directory_path() / "cairn-work-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
    ::setenv("TMPDIR", path.c_str(), 1);
  }
  ~OwnTmpdir() {
    ::setenv("TMPDIR", before.c_str(), 1);
    fs::remove_all(path);
  }
  std::string before = fs::temp_directory_path();
  fs::path path;
};

TEST(WorkFolder, GoesWithItsObject) {
  OwnTmpdir tmp;
  {
    auto folder = WorkFolder::make();
    std::ofstream((*folder)->path() / "file") << "content";
  }
  EXPECT_TRUE(fs::is_empty(tmp.path));
}

TEST(WorkFolder, OneThatAKilledProcessLeftIsRemovedAndALivingOnesIsNot) {
  OwnTmpdir tmp;
  auto ours = WorkFolder::make();
  fs::create_directories(tmp.path / "cairn-other");
  const pid_t child = ::fork();
  if (child == 0) {
    auto left = WorkFolder::make();
    std::ofstream((*left)->path() / "file") << "content";
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(3, std::distance(fs::directory_iterator(tmp.path), {}));
  removeAbandonedWorkFolders();
  EXPECT_EQ(2, std::distance(fs::directory_iterator(tmp.path), {}));
  EXPECT_TRUE(fs::exists((*ours)->path()));
}

}  // namespace
}  // namespace cairn::host
