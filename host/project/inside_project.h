#pragma once
// Paths in the file stay inside the project's folder unless they are written absolute.

#include <filesystem>
#include <optional>
#include <string>

namespace cairn::host {

// `written`, relative to `base`, made absolute. Nothing where it is relative and leads out of `project`, also
// by a link.
std::optional<std::filesystem::path> insideProject(const std::string& written,
                                                   const std::filesystem::path& base,
                                                   const std::filesystem::path& project);

}  // namespace cairn::host
