#include "sdk/src/files/file_errors.h"
#include "sdk/src/files/listed_file.h"
#include "sdk/src/files/tree_digest.h"

#include <cairn/file_tree.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace cairn {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

Result<FileEntry> entryAt(const fs::path& file, std::string path) {
  struct stat facts {};
  if (::lstat(file.c_str(), &facts) != 0) return detail::unreadable(file);
  FileEntry entry;
  entry.path = std::move(path);
  entry.mode = facts.st_mode & 0777;
  entry.modified = facts.st_mtim.tv_sec * kNsPerSecond + facts.st_mtim.tv_nsec;
  if (S_ISREG(facts.st_mode)) {
    entry.size = static_cast<std::uint64_t>(facts.st_size);
  } else if (S_ISDIR(facts.st_mode)) {
    entry.kind = FileEntry::Kind::Directory;
  } else if (S_ISLNK(facts.st_mode)) {
    entry.kind = FileEntry::Kind::Link;
    std::error_code failure;
    entry.target = fs::read_symlink(file, failure).string();
    if (failure) return detail::unreadable(file, failure.value());
  } else {
    return Error{.kind = ErrorKind::Failed,
                 .code = "not-a-file",
                 .message = entry.path + " is neither a file nor a folder nor a link"};
  }
  return entry;
}

Result<void> listInto(FileTree& tree, const std::string& prefix, const LeaveOut& leaveOut) {
  std::error_code failure;
  auto files = fs::directory_iterator(tree.root / prefix, failure);
  for (; !failure && files != fs::directory_iterator(); files.increment(failure)) {
    auto path = prefix + files->path().filename().string();
    std::error_code gone;
    const bool isDirectory = fs::is_directory(files->symlink_status(gone));
    if (leaveOut && leaveOut(path, isDirectory)) continue;
    tree.entries.push_back(CAIRN_TRY(entryAt(files->path(), path)));
    if (isDirectory) CAIRN_TRY(listInto(tree, path + "/", leaveOut));
  }
  if (failure) return detail::unreadable(tree.root / prefix, failure.value());
  return {};
}

}  // namespace

std::uint64_t FileTree::fileCount() const {
  return static_cast<std::uint64_t>(std::count_if(
      entries.begin(), entries.end(), [](auto& entry) { return entry.kind == FileEntry::Kind::File; }));
}

std::uint64_t FileTree::totalBytes() const {
  std::uint64_t bytes = 0;
  for (auto& entry : entries) bytes += entry.size;
  return bytes;
}

Result<FileTree> listFiles(const fs::path& root, const LeaveOut& leaveOut) {
  std::error_code ignored;
  if (!fs::is_directory(root, ignored))
    return Error{
        .kind = ErrorKind::NotFound, .code = "no-folder", .message = root.string() + " is not a folder"};
  FileTree tree{root, {}};
  CAIRN_TRY(listInto(tree, "", leaveOut));
  std::sort(tree.entries.begin(), tree.entries.end(), [](auto& a, auto& b) { return a.path < b.path; });
  return tree;
}

std::optional<Digest> detail::digestOfContent(int fd) {
  Sha256 digest;
  char buffer[64 * 1024];
  ssize_t count = -1;
  while ((count = readSome(fd, buffer, sizeof buffer)) > 0)
    digest.add(buffer, static_cast<std::size_t>(count));
  if (count < 0) return std::nullopt;
  return digest.finish();
}

Result<std::string> digestOf(const FileTree& tree) {
  detail::TreeDigest digest;
  for (auto& entry : tree.entries) {
    if (entry.kind == FileEntry::Kind::Directory) digest.addDirectory(entry);
    if (entry.kind == FileEntry::Kind::Link) digest.addLink(entry);
    if (entry.kind != FileEntry::Kind::File) continue;
    const auto path = tree.root / entry.path;
    const detail::OpenFile file = CAIRN_TRY(detail::openListed(path));
    const auto content = detail::digestOfContent(file.get());
    if (!content) return detail::unreadable(path);
    digest.addFile(entry, *content);
  }
  return digest.finish();
}

Result<void> removeFiles(const fs::path& folder) {
  std::error_code failure;
  fs::remove_all(folder, failure);
  if (!failure) return {};
  // Folders that their owner may not write in: opened from the top down, each before it is looked into.
  std::error_code ignored;
  fs::permissions(folder, fs::perms::owner_all, fs::perm_options::add, ignored);
  auto files =
      fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, ignored);
  for (; !ignored && files != fs::recursive_directory_iterator(); files.increment(ignored)) {
    std::error_code gone;
    if (fs::is_directory(files->symlink_status(gone)))
      fs::permissions(files->path(), fs::perms::owner_all, fs::perm_options::add, gone);
  }
  fs::remove_all(folder, failure);
  if (failure)
    return Error{.kind = ErrorKind::Failed,
                 .code = "unwritable",
                 .message = "can't remove " + folder.string() + ": " + failure.message()};
  return {};
}

}  // namespace cairn
