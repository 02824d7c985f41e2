#pragma once
// Descriptors on their way to a child.

#include <kj/io.h>

#include <fcntl.h>
#include <unistd.h>

namespace cairn::host {

// `fd` moved above those that a child's own are put on, so that no dup2 in the child steps on another.
// Close-on-exec. Not open where `fd` is not.
inline kj::AutoCloseFd raised(int fd) {
  if (fd < 0) return {};
  int high = ::fcntl(fd, F_DUPFD_CLOEXEC, 10);
  ::close(fd);
  return kj::AutoCloseFd(high);
}

}  // namespace cairn::host
