#pragma once
// Folders of Cairn's own, which nobody but their owner looks into.

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace cairn::host {

// As std::filesystem::create_directories, with mode 0700 for each that it makes.
inline void createPrivateFolders(const std::filesystem::path& path, std::error_code& failure) {
  failure.clear();
  if (::mkdir(path.c_str(), 0700) == 0 || std::filesystem::is_directory(path, failure)) return;
  const auto parent = path.parent_path();
  if (parent.empty() || parent == path) return;
  createPrivateFolders(parent, failure);
  if (failure) return;
  // Somebody else may have made it meanwhile.
  if (::mkdir(path.c_str(), 0700) == 0) return;
  const int refused = errno;
  if (!std::filesystem::is_directory(path, failure)) failure.assign(refused, std::generic_category());
}

}  // namespace cairn::host
