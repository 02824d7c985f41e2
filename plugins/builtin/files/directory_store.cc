#include "directory_store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace cairn::plugins::files {
namespace {

namespace fs = std::filesystem;

constexpr char kTemporary[] = ".new-";

Error storeError(const fs::path& path, const std::string& why) {
  return asOurs({.kind = ErrorKind::Failed,
                 .code = "unwritable",
                 .message = "can't write " + path.string() + ": " + why});
}

// Whether the folder still holds what its name says.
bool holds(const fs::path& place, const std::string& digest) {
  auto tree = listFiles(place);
  if (!tree) return false;
  auto now = digestOf(*tree);
  return now && *now == digest;
}

Owned<wire::FilesDirectory> describe(const FileTree& tree, const fs::path& place, const std::string& digest) {
  Owned<wire::FilesDirectory> directory;
  directory->setPath(place.string());
  directory->setDigest(digest);
  directory->setFileCount(tree.fileCount());
  directory->setTotalBytes(tree.totalBytes());
  return directory;
}

// A copy in the making, in the folder where it gets its name. All that are under way hold one lock together:
// whoever has it alone removes what runs that were killed have left.
class NewFolder {
 public:
  explicit NewFolder(const fs::path& store) : store_(store) {}
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  ~NewFolder() {
    if (!path_.empty()) (void)removeFiles(path_);
    if (lock_ >= 0) ::close(lock_);
  }
  const fs::path& path() const { return path_; }

  Result<void> make() {
    std::error_code failure;
    fs::create_directories(store_, failure);
    if (failure) return storeError(store_, failure.message());
    lock_ = ::open((store_ / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0) return storeError(store_, std::strerror(errno));
    if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) removeLeftovers();
    auto name = (store_ / kTemporary).string() + "XXXXXX";
    if (::flock(lock_, LOCK_SH) != 0 || ::mkdtemp(name.data()) == nullptr)
      return storeError(store_, std::strerror(errno));
    path_ = name;
    fs::permissions(path_, fs::perms(0755), failure);
    return {};
  }

  // Gives it its name, in place of what may be there.
  Result<void> moveTo(const fs::path& place, const std::string& digest) {
    if (::rename(path_.c_str(), place.c_str()) == 0) {
      path_.clear();
      return {};
    }
    if (holds(place, digest)) return {};  // another call was faster
    // In one step, so that there always is a folder; what was there is then removed under the temporary name.
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) == 0) return {};
    CAIRN_TRY(removeFiles(place));
    if (::rename(path_.c_str(), place.c_str()) != 0) return storeError(place, std::strerror(errno));
    path_.clear();
    return {};
  }

 private:
  void removeLeftovers() const {
    std::error_code failure;
    for (auto& entry : fs::directory_iterator(store_, failure))
      if (entry.path().filename().string().rfind(kTemporary, 0) == 0) (void)removeFiles(entry.path());
  }

  const fs::path store_;
  fs::path path_;
  int lock_ = -1;
};

Result<Owned<wire::FilesDirectory>> copyInto(const Call& call, const FileTree& tree, const fs::path& store) {
  NewFolder made(store);
  CAIRN_TRY(made.make());
  // Named by what was copied: the source may have changed since it was listed.
  const auto digest =
      CAIRN_TRY(copyFiles(tree, made.path(), {.plainModes = true, .before = [&](std::size_t) -> Result<void> {
                                                if (call.cancelled()) return call.cancelledError();
                                                return {};
                                              }}));
  const auto copied = CAIRN_TRY(listFiles(made.path()));
  const fs::path place = store / digest.substr(digest.find(':') + 1);
  CAIRN_TRY(made.moveTo(place, digest));
  return describe(copied, place, digest);
}

}  // namespace

Result<Owned<wire::FilesDirectory>> storeCopy(const Call& call, const FileTree& tree) {
  const fs::path store = call.cacheDir() / "trees";
  auto digest = digestOf(tree);
  if (!digest) return asOurs(std::move(digest).error());
  const fs::path place = store / digest->substr(digest->find(':') + 1);
  if (holds(place, *digest)) return describe(tree, place, *digest);
  auto made = copyInto(call, tree, store);
  if (!made && made.error().code.find('/') == std::string::npos) return asOurs(std::move(made).error());
  return made;
}

}  // namespace cairn::plugins::files
