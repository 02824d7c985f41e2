#pragma once
// Small files a person wrote.

#include <cairn/base/result.h>

#include <filesystem>
#include <string>

namespace cairn::host {

inline constexpr std::size_t kLargestTextFile = 16u << 20;

// `shown` names the file in messages. Error: unreadable-file, also where it is larger than `largest` or no
// regular file.
Result<std::string> readTextFile(const std::filesystem::path& file, const std::string& shown,
                                 std::size_t largest = kLargestTextFile);

}  // namespace cairn::host
