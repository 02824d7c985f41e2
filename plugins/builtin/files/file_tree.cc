#include "file_tree.h"

#include <cairn/dynamic/digest.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace cairn::plugins::files {
namespace {

namespace fs = std::filesystem;

Error fileError(const char* code, std::string message, std::string hint = {}) {
  return {.kind = ErrorKind::Failed, .code = code, .message = std::move(message), .hint = std::move(hint)};
}

Error unreadable(const std::string& what, const std::string& why) {
  return fileError("files/unreadable", "can't read " + what + ": " + why,
                   "look at its permissions, or leave it out with a line in .cairnignore");
}

bool leadsOut(const fs::path& linkPath, const fs::path& target) {
  if (target.is_absolute()) return true;
  auto resolved = (linkPath.parent_path() / target).lexically_normal();
  return *resolved.begin() == "..";
}

Result<Entry> entryOf(const fs::directory_entry& file, const std::string& path) {
  Entry entry{.path = path};
  std::error_code failure;
  auto status = file.symlink_status(failure);
  if (fs::is_symlink(status)) {
    entry.kind = Entry::Kind::Link;
    entry.target = fs::read_symlink(file.path(), failure).string();
    if (!failure && leadsOut(path, entry.target)) {
      return fileError("files/link-leaves-folder",
                       "the link " + path + " leads out of the folder, to " + entry.target,
                       "leave it out with a line in .cairnignore, or put the file itself there");
    }
  } else if (fs::is_directory(status)) {
    entry.kind = Entry::Kind::Directory;
  } else if (fs::is_regular_file(status)) {
    entry.size = file.file_size(failure);
    entry.executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
  } else {
    return fileError("files/not-a-file", path + " is neither a file nor a folder nor a link",
                     "leave it out with a line in .cairnignore");
  }
  if (failure) return unreadable(path, failure.message());
  return entry;
}

Result<void> listInto(FileTree& tree, const std::string& prefix, const IgnoreRules& rules) {
  std::error_code failure;
  for (auto& file : fs::directory_iterator(tree.root / prefix, failure)) {
    auto path = prefix + file.path().filename().string();
    bool isDirectory = file.is_directory(failure) && !file.is_symlink(failure);
    if (path == ".git" || rules.ignores(path, isDirectory)) continue;
    tree.entries.push_back(CAIRN_TRY(entryOf(file, path)));
    if (isDirectory) CAIRN_TRY(listInto(tree, path + "/", rules));
  }
  if (failure) return unreadable((tree.root / prefix).string(), failure.message());
  return {};
}

Result<Digest> contentDigest(const fs::path& path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  Sha256 digest;
  std::vector<char> buffer(128 * 1024);
  ssize_t count = -1;
  if (fd >= 0) {
    while ((count = ::read(fd, buffer.data(), buffer.size())) > 0) digest.add(buffer.data(), count);
    ::close(fd);
  }
  if (count < 0) return unreadable(path.string(), std::strerror(errno));
  return digest.finish();
}

Result<void> copyEntry(const Entry& entry, const fs::path& from, const fs::path& to) {
  std::error_code failure;
  switch (entry.kind) {
    case Entry::Kind::Directory:
      fs::create_directory(to, failure);
      break;
    case Entry::Kind::Link:
      fs::create_symlink(entry.target, to, failure);
      break;
    case Entry::Kind::File:
      fs::copy_file(from, to, failure);
      if (!failure) fs::permissions(to, fs::perms(entry.executable ? 0755 : 0644), failure);
      break;
  }
  if (failure)
    return fileError("files/unwritable",
                     "can't copy " + from.string() + " to " + to.string() + ": " + failure.message(),
                     "look at the free space there; XDG_CACHE_HOME can lead elsewhere");
  return {};
}

}  // namespace

std::uint64_t FileTree::fileCount() const {
  return std::count_if(entries.begin(), entries.end(),
                       [](auto& entry) { return entry.kind == Entry::Kind::File; });
}

std::uint64_t FileTree::totalBytes() const {
  std::uint64_t bytes = 0;
  for (auto& entry : entries) bytes += entry.size;
  return bytes;
}

Result<FileTree> listFiles(const fs::path& root, const IgnoreRules& rules) {
  std::error_code ignored;
  if (!fs::is_directory(root, ignored)) {
    return Error{.kind = ErrorKind::NotFound,
                 .code = "files/no-folder",
                 .message = root.string() + " is not a folder",
                 .hint = "make it, or set `directory` to one that exists",
                 .settingPath = "directory"};
  }
  FileTree tree{.root = root};
  CAIRN_TRY(listInto(tree, "", rules));
  std::sort(tree.entries.begin(), tree.entries.end(), [](auto& a, auto& b) { return a.path < b.path; });
  return tree;
}

Result<std::string> digestOf(const FileTree& tree) {
  Sha256 digest;
  auto line = [&](const char* mode, std::string_view content, const std::string& path) {
    digest.add(mode).add(" ").add(content).add(" ").add(path).add(std::string_view("\0", 1));
  };
  for (auto& entry : tree.entries) {
    if (entry.kind == Entry::Kind::Directory) line("dir", "", entry.path);
    if (entry.kind == Entry::Kind::Link) line("link", hex(sha256(entry.target)), entry.path);
    if (entry.kind != Entry::Kind::File) continue;
    line(entry.executable ? "755" : "644", hex(CAIRN_TRY(contentDigest(tree.root / entry.path))), entry.path);
  }
  return "sha256:" + hex(digest.finish());
}

Result<void> copyFiles(const FileTree& tree, const fs::path& to) {
  for (auto& entry : tree.entries) CAIRN_TRY(copyEntry(entry, tree.root / entry.path, to / entry.path));
  return {};
}

}  // namespace cairn::plugins::files
