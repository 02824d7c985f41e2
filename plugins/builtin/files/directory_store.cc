#include "directory_store.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>

namespace cairn::plugins::files {
namespace {

namespace fs = std::filesystem;

Error storeError(const fs::path& path, const std::string& why) {
  return {
      .kind = ErrorKind::Failed,
      .code = "files/unwritable",
      .message = "can't write " + path.string() + ": " + why,
      .hint = "look at the folder's permissions and at the free space; XDG_CACHE_HOME can lead elsewhere"};
}

// Whether the folder still holds what its name says: an app that runs in it may have written there.
bool holds(const fs::path& place, const std::string& digest) {
  auto tree = listFiles(place, {});
  if (!tree) return false;
  auto now = digestOf(*tree);
  return now && *now == digest;
}

// Where the content is, or where it can go: a folder that was written into stays for whoever runs in it, and
// the content is copied anew beside it. Only the newest copy is looked into.
fs::path placeOf(const Call& call, const std::string& digest) {
  const fs::path first = call.cacheDir() / "files" / digest.substr(digest.find(':') + 1);
  fs::path newest = first, next = first.string() + "-2";
  std::error_code ignored;
  for (int number = 3; fs::exists(next, ignored); ++number) {
    newest = next;
    next = first.string() + "-" + std::to_string(number);
  }
  return !fs::exists(newest, ignored) || holds(newest, digest) ? newest : next;
}

Owned<wire::FilesDirectory> describe(const FileTree& tree, const fs::path& place, const std::string& digest) {
  Owned<wire::FilesDirectory> directory;
  directory->setPath(place.string());
  directory->setDigest(digest);
  directory->setFileCount(tree.fileCount());
  directory->setTotalBytes(tree.totalBytes());
  return directory;
}

// Gives the folder its name. Another call may have been faster: its folder is as good.
Result<void> moveInto(const fs::path& made, const fs::path& place) {
  std::error_code failure, ignored;
  fs::rename(made, place, failure);
  if (failure && !fs::is_directory(place, ignored)) return storeError(place, failure.message());
  if (failure) fs::remove_all(made, ignored);
  return {};
}

// An empty folder beside the named ones, so that a rename moves it.
Result<fs::path> makeTemporary(const Call& call) {
  std::error_code failure;
  fs::create_directories(call.cacheDir() / "files", failure);
  auto name = (call.cacheDir() / "files" / ".new-XXXXXX").string();
  if (failure || ::mkdtemp(name.data()) == nullptr)
    return storeError(call.cacheDir() / "files", failure ? failure.message() : std::strerror(errno));
  fs::permissions(name, fs::perms(0755), failure);
  return fs::path(name);
}

Result<Owned<wire::FilesDirectory>> fill(const Call& call, const FileTree& tree, const fs::path& temporary) {
  CAIRN_TRY(copyFiles(tree, temporary));
  // Named by what was copied: the source may have changed since it was listed.
  auto copied = CAIRN_TRY(listFiles(temporary, {}));
  auto digest = CAIRN_TRY(digestOf(copied));
  const fs::path place = placeOf(call, digest);
  CAIRN_TRY(moveInto(temporary, place));
  return describe(copied, place, digest);
}

}  // namespace

Result<Owned<wire::FilesDirectory>> storeCopy(const Call& call, const FileTree& tree) {
  auto digest = CAIRN_TRY(digestOf(tree));
  std::error_code ignored;
  if (const fs::path place = placeOf(call, digest); fs::is_directory(place, ignored))
    return describe(tree, place, digest);
  auto temporary = CAIRN_TRY(makeTemporary(call));
  auto result = fill(call, tree, temporary);
  if (!result) fs::remove_all(temporary, ignored);
  return result;
}

Result<Owned<wire::FilesDirectory>> storeFolder(const Call& call, const fs::path& made) {
  return storeCopy(call, CAIRN_TRY(listFiles(made, {})));
}

}  // namespace cairn::plugins::files
