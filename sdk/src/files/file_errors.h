#pragma once
// What the functions of <cairn/file_tree.h> say when the system says no.

#include <cairn/base/error.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace cairn::detail {

inline Error unreadable(const std::filesystem::path& path, int code = errno) {
  return {.kind = ErrorKind::Failed,
          .code = "unreadable",
          .message = "can't read " + path.string() + ": " + std::strerror(code)};
}

inline Error unwritable(const std::filesystem::path& path, int code = errno) {
  return {.kind = ErrorKind::Failed,
          .code = "unwritable",
          .message = "can't write " + path.string() + ": " + std::strerror(code)};
}

}  // namespace cairn::detail
