#include "host/broker/work_folder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace cairn::host {
namespace fs = std::filesystem;
namespace {

constexpr char kPrefix[] = "cairn-call-";
constexpr int kTries = 10;

fs::path baseFolder() {
  const char* base = std::getenv("TMPDIR");
  return base != nullptr && *base != 0 ? base : "/tmp";
}

// The lock of a folder that nobody uses; nothing where somebody does, or where it isn't ours or has just been
// removed.
kj::Maybe<kj::AutoCloseFd> lockFolder(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return nullptr;
  kj::AutoCloseFd lock(fd);
  struct stat facts;
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0 || ::fstat(fd, &facts) != 0) return nullptr;
  if (facts.st_nlink == 0 || facts.st_uid != ::geteuid()) return nullptr;
  return kj::mv(lock);
}

}  // namespace

Result<kj::Own<WorkFolder>> WorkFolder::make() {
  for (int tries = 0;; ++tries) {
    std::string path = (baseFolder() / (std::string(kPrefix) + "XXXXXX")).string();
    if (::mkdtemp(path.data()) == nullptr) {
      return Error{ErrorKind::Failed,
                   "folder-unwritable",
                   "can't make a folder like " + path + ": " + std::strerror(errno),
                   "set TMPDIR to a folder that can be written",
                   {}};
    }
    KJ_IF_MAYBE (lock, lockFolder(path)) return kj::heap<WorkFolder>(fs::path(path), kj::mv(*lock));
    // Where the file system has no locks nobody can take it for an abandoned one.
    if (tries == kTries) return kj::heap<WorkFolder>(fs::path(path), kj::AutoCloseFd());
    // Another cairn took it for an abandoned one before it was locked.
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
}

WorkFolder::~WorkFolder() noexcept(false) {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void removeAbandonedWorkFolders() {
  std::error_code failure;
  for (fs::directory_iterator it(baseFolder(), failure), end; !failure && it != end; it.increment(failure)) {
    if (it->path().filename().string().rfind(kPrefix, 0) != 0) continue;
    std::error_code ignored;
    KJ_IF_MAYBE (lock, lockFolder(it->path())) fs::remove_all(it->path(), ignored);
  }
}

}  // namespace cairn::host
