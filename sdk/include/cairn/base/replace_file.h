#pragma once
// Files that are replaced whole or not at all.

#include <cairn/base/write_all.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>

namespace cairn {

// Yes: it is on the disk when the function returns, also where the machine stops then.
enum class Sync { No, Yes };

// Gives the new file `fresh` the name `path`, in the same folder. False: errno tells why not, and `fresh` is
// gone.
inline bool putInPlace(const std::string& fresh, const std::string& path) {
  if (std::rename(fresh.c_str(), path.c_str()) == 0) return true;
  const int why = errno;
  ::unlink(fresh.c_str());
  errno = why;
  return false;
}

// Puts `content` at `path` (mode 0600) through a new file beside it: whoever reads sees the old file or the
// new one. Two threads must not replace the same file at once. False: errno tells why not, and `path` is as
// it was.
inline bool replaceFile(const std::string& path, std::string_view content, Sync sync = Sync::No) {
  const std::string fresh = path + ".new-" + std::to_string(::getpid());
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  bool done = writeAll(fd, content) && (sync == Sync::No || ::fsync(fd) == 0);
  int why = errno;
  if (::close(fd) != 0 && done) {
    done = false;
    why = errno;
  }
  if (!done) {
    ::unlink(fresh.c_str());
    errno = why;
    return false;
  }
  if (!putInPlace(fresh, path)) return false;
  if (sync == Sync::No) return true;
  // The rename itself is lost in a power cut unless the folder is synced too.
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int above = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (above >= 0) {
    (void)::fsync(above);
    ::close(above);
  }
  return true;
}

}  // namespace cairn
