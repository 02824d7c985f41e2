#pragma once
// A file of a FileTree, opened again after it was listed.

#include "sdk/src/files/file_errors.h"

#include <cairn/base/result.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace cairn::detail {

class OpenFile {
 public:
  explicit OpenFile(int fd = -1) : fd_(fd) {}
  OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  // A file system of another machine may say only now that it is full.
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

// Something else may stand at its path by now; a named pipe there is not waited for. Errors: unreadable;
// not-a-file.
inline Result<OpenFile> openListed(const std::filesystem::path& path) {
  OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat facts {};
  if (file.get() < 0 || ::fstat(file.get(), &facts) != 0) return unreadable(path);
  if (!S_ISREG(facts.st_mode)) {
    return Error{
        .kind = ErrorKind::Failed, .code = "not-a-file", .message = path.string() + " is no file any more"};
  }
  return file;
}

// read(), which no signal breaks off.
inline ssize_t readSome(int fd, char* buffer, std::size_t size) {
  for (;;) {
    const ssize_t count = ::read(fd, buffer, size);
    if (count >= 0 || errno != EINTR) return count;
  }
}

}  // namespace cairn::detail
