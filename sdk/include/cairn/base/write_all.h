#pragma once
// Writing to a descriptor until all is written.

#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace cairn {

// Writes all of `bytes` to a descriptor that blocks, whatever signals come. False: errno tells why not, and a
// part may be written.
inline bool writeAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace cairn
