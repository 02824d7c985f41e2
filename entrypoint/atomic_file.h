#pragma once
// Files that are replaced whole or not at all.

#include <cairn/base/result.h>

#include <optional>
#include <string>
#include <string_view>

namespace cairn::entrypoint {

// Makes the missing folders above `path`, for this user alone. A failure shows when the file is made.
void makeFolderOf(const std::string& path);

// Puts `content` at `path` (mode 0600): written beside it, synced, renamed. A crash leaves the old file or
// the new. Errors: Failed/state-not-written.
Result<void> replaceFile(const std::string& path, std::string_view content);

// The whole file; nothing when it can't be read.
std::optional<std::string> readFile(const std::string& path);

}  // namespace cairn::entrypoint
