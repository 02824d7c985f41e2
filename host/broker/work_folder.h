#pragma once
// The folder below which the calls of one process have folders of their own, to write to while they last.

#include <cairn/base/result.h>

#include <kj/io.h>
#include <kj/memory.h>

#include <filesystem>

namespace cairn::host {

// It goes with this object. Its lock says that somebody still uses it, and ends with the
// process however that ends.
class WorkFolder {
 public:
  // Below TMPDIR, else /tmp. Errors: folder-unwritable.
  static Result<kj::Own<WorkFolder>> make();

  WorkFolder(std::filesystem::path path, kj::AutoCloseFd lock)
      : path_(std::move(path)), lock_(kj::mv(lock)) {}
  ~WorkFolder() noexcept(false);
  KJ_DISALLOW_COPY(WorkFolder);

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  kj::AutoCloseFd lock_;
};

// Removes those of this user's that a killed cairn left behind.
void removeAbandonedWorkFolders();

}  // namespace cairn::host
