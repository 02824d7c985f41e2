#pragma once
// Descriptors on their way to a child.

#include <kj/io.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace cairn::host {

// `fd` moved above those that a child's own are put on, so that no dup2 in the child steps on another.
// Close-on-exec. Not open where `fd` is not.
inline kj::AutoCloseFd raised(int fd) {
  if (fd < 0) return {};
  int high = ::fcntl(fd, F_DUPFD_CLOEXEC, 10);
  ::close(fd);
  return kj::AutoCloseFd(high);
}

// What a process prints and we read.
struct Pipe {
  kj::AutoCloseFd read;
  kj::AutoCloseFd write;
  explicit operator bool() const { return read.get() >= 0 && write.get() >= 0; }
};

// Neither end is open where there is none to be had.
inline Pipe makePipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return {};
  return {raised(fds[0]), raised(fds[1])};
}

// A file in memory that holds `bytes` and is read from its beginning: never on disk, in argv or in the
// environment. Not open where it can't hold all of them; errno says why.
inline kj::AutoCloseFd fileOf(const std::string& bytes) {
  kj::AutoCloseFd file = raised(::memfd_create("cairn-input", MFD_CLOEXEC));
  if (file.get() < 0) return {};
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t size = ::write(file.get(), bytes.data() + done, bytes.size() - done);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return {};
    done += static_cast<std::size_t>(size);
  }
  if (::lseek(file.get(), 0, SEEK_SET) != 0) return {};
  return file;
}

}  // namespace cairn::host
