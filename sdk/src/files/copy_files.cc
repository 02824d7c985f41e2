#include "sdk/src/files/file_errors.h"
#include "sdk/src/files/listed_file.h"
#include "sdk/src/files/tree_digest.h"

#include <cairn/base/write_all.h>
#include <cairn/file_tree.h>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn {
namespace {

namespace fs = std::filesystem;

// For file systems between which the kernel does not copy.
Result<void> copyByHand(int from, int to, const fs::path& source, const fs::path& target) {
  char buffer[64 * 1024];
  for (;;) {
    const ssize_t count = detail::readSome(from, buffer, sizeof buffer);
    if (count < 0) return detail::unreadable(source);
    if (count == 0) return {};
    if (!writeAll(to, {buffer, static_cast<std::size_t>(count)})) return detail::unwritable(target);
  }
}

Result<void> copyContent(int from, int to, const fs::path& source, const fs::path& target) {
  if (::ioctl(to, FICLONE, from) == 0) return {};
  constexpr std::size_t kAtOnce = std::size_t{1} << 30;
  bool any = false;
  for (;;) {
    const ssize_t count = ::copy_file_range(from, nullptr, to, nullptr, kAtOnce, 0);
    if (count > 0) {
      any = true;
    } else if (count == 0 && any) {
      return {};
    } else if (count < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) {
      return detail::unwritable(target);
    } else {
      return copyByHand(from, to, source, target);  // goes on where the kernel stopped
    }
  }
}

timespec timeOf(const FileEntry& entry) {
  constexpr std::int64_t kNsPerSecond = 1'000'000'000;
  const std::int64_t ns = (entry.modified % kNsPerSecond + kNsPerSecond) % kNsPerSecond;
  return {static_cast<time_t>((entry.modified - ns) / kNsPerSecond), static_cast<long>(ns)};
}

class Copying {
 public:
  Copying(const FileTree& tree, const fs::path& to, const CopyOptions& options)
      : tree_(tree), to_(to), options_(options) {}

  Result<std::string> run() {
    for (std::size_t i = 0; i < tree_.entries.size(); ++i) {
      if (options_.before) CAIRN_TRY(options_.before(i));
      CAIRN_TRY(copy(tree_.entries[i]));
    }
    CAIRN_TRY(closeFolders());
    return digest_.finish();
  }

 private:
  Result<void> copy(const FileEntry& entry) {
    switch (entry.kind) {
      case FileEntry::Kind::Directory:
        digest_.addDirectory(entry);
        if (::mkdir((to_ / entry.path).c_str(), 0700) != 0) return detail::unwritable(to_ / entry.path);
        return {};
      case FileEntry::Kind::Link:
        return copyLink(entry);
      default:
        return copyFile(entry);
    }
  }

  Result<void> copyLink(const FileEntry& entry) {
    digest_.addLink(entry);
    const auto target = to_ / entry.path;
    if (::symlink(entry.target.c_str(), target.c_str()) != 0) return detail::unwritable(target);
    return setTime(entry);
  }

  Result<void> copyFile(const FileEntry& entry) {
    const auto source = tree_.root / entry.path, target = to_ / entry.path;
    const detail::OpenFile from = CAIRN_TRY(detail::openListed(source));
    detail::OpenFile to(::open(target.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (to.get() < 0) return detail::unwritable(target);
    CAIRN_TRY(copyContent(from.get(), to.get(), source, target));
    if (::lseek(to.get(), 0, SEEK_SET) < 0) return detail::unwritable(target);
    const auto content = detail::digestOfContent(to.get());
    if (!content) return detail::unreadable(target);
    digest_.addFile(entry, *content);
    const timespec times[] = {{0, UTIME_OMIT}, timeOf(entry)};
    if (::fchmod(to.get(), modeOf(entry)) != 0 || ::futimens(to.get(), times) != 0 || !to.close())
      return detail::unwritable(target);
    return {};
  }

  // Last and from the inside out: what is made in a folder changes its time, and it may be closed to writing.
  Result<void> closeFolders() {
    for (auto entry = tree_.entries.rbegin(); entry != tree_.entries.rend(); ++entry) {
      if (entry->kind != FileEntry::Kind::Directory) continue;
      CAIRN_TRY(setTime(*entry));
      if (::chmod((to_ / entry->path).c_str(), modeOf(*entry)) != 0)
        return detail::unwritable(to_ / entry->path);
    }
    return {};
  }

  Result<void> setTime(const FileEntry& entry) {
    const timespec times[] = {{0, UTIME_OMIT}, timeOf(entry)};
    const auto target = to_ / entry.path;
    if (::utimensat(AT_FDCWD, target.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
      return detail::unwritable(target);
    return {};
  }

  mode_t modeOf(const FileEntry& entry) const {
    if (!options_.plainModes) return entry.mode;
    return entry.kind == FileEntry::Kind::Directory || entry.executable() ? 0755 : 0644;
  }

  const FileTree& tree_;
  const fs::path& to_;
  const CopyOptions& options_;
  detail::TreeDigest digest_;
};

}  // namespace

Result<std::string> copyFiles(const FileTree& tree, const fs::path& to, const CopyOptions& options) {
  return Copying(tree, to, options).run();
}

}  // namespace cairn
