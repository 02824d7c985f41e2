#include "cli/write_file.h"

#include <cairn/base/replace_file.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <random>

namespace cairn::cli {

namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;

std::optional<struct stat> statusOf(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

// Opened again, a redirected stdout would begin at the file's start and write over what went there before.
int ownOutput(const struct stat& status) {
  for (int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat ours {};
    if (fstat(fd, &ours) == 0 && ours.st_dev == status.st_dev && ours.st_ino == status.st_ino) return fd;
  }
  return -1;
}

// Where a link points in the end, which need not be there yet. A loop is left for open to refuse.
std::string behindLinks(const std::string& path) {
  fs::path at = path;
  std::error_code error;
  for (int i = 0; i < kMostLinks && fs::is_symlink(at, error); ++i) {
    const fs::path target = fs::read_symlink(at, error);
    if (error) break;
    at = target.is_absolute() ? target : at.parent_path() / target;
  }
  return at.string();
}

bool writeInto(const std::string& path, int own, std::string_view text) {
  if (own >= 0) return writeAll(own, text);
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return false;
  const bool written = writeAll(fd, text);
  const int why = errno;
  const bool closed = close(fd) == 0;
  if (!written) errno = why;
  return written && closed;
}

// A name that nobody can have put something under before.
std::string nameBeside(const std::string& path) {
  std::random_device random;
  char name[32];
  std::snprintf(name, sizeof name, ".cairn-%08x%08x", random(), random());
  return (fs::path(path).parent_path() / name).string();
}

// Its folder takes no new file, or not one in the place of somebody else's.
bool writeInPlace(const std::string& path, std::string_view text, mode_t mode, bool keepMode) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return false;
  bool done = (keepMode || fchmod(fd, mode) == 0) && ftruncate(fd, 0) == 0 && writeAll(fd, text);
  int why = errno;
  if (close(fd) != 0 && done) done = false, why = errno;
  errno = why;
  return done;
}

bool replace(const std::string& path, std::string_view text, mode_t mode, bool keepMode) {
  const std::string fresh = nameBeside(path);
  const int fd = open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (fd < 0) return false;
  bool done = (!keepMode || fchmod(fd, mode) == 0) && writeAll(fd, text) && fsync(fd) == 0;
  int why = errno;
  if (close(fd) != 0 && done) done = false, why = errno;
  if (done) return putInPlace(fresh, path);
  unlink(fresh.c_str());
  errno = why;
  return false;
}

}  // namespace

Result<void, Failure> writeFile(const std::string& path, std::string_view text, Readers readers) {
  const auto before = statusOf(path);
  const int own = before ? ownOutput(*before) : -1;
  bool written = false;
  if (own >= 0 || (before && !S_ISREG(before->st_mode))) {
    written = writeInto(path, own, text);
  } else {
    const bool keepMode = before && readers == Readers::AsUsual;
    const mode_t mode = readers == Readers::OwnerOnly ? 0600 : keepMode ? before->st_mode & 0777 : 0666;
    const std::string file = behindLinks(path);
    written = replace(file, text, mode, keepMode) ||
              (before && (errno == EACCES || errno == EPERM) && writeInPlace(file, text, mode, keepMode));
  }
  if (written) return {};
  return Failure(Error{.kind = ErrorKind::Failed,
                       .code = "file-not-written",
                       .message = "can't write '" + path + "': " + std::strerror(errno),
                       .hint = "choose another place"});
}

}  // namespace cairn::cli
