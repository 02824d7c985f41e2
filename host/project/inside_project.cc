#include "host/project/inside_project.h"

#include <algorithm>

namespace cairn::host {
namespace {

namespace fs = std::filesystem;

bool lies(const fs::path& inner, const fs::path& outer) {
  const auto ends = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return ends.first == outer.end();
}

fs::path withoutSlash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

std::optional<fs::path> insideProject(const std::string& written, const fs::path& base,
                                      const fs::path& project) {
  const fs::path path = withoutSlash((base / written).lexically_normal());
  if (fs::path(written).is_absolute()) return path;
  // The app itself may have been put outside, by an absolute or a ../ path of its own.
  const fs::path home = withoutSlash(project.lexically_normal());
  const bool baseInside = lies(withoutSlash(base.lexically_normal()), home);
  const fs::path limit = baseInside ? home : withoutSlash(base.lexically_normal());
  std::error_code problem;
  const fs::path realLimit = fs::weakly_canonical(limit, problem);
  const fs::path realPath = fs::weakly_canonical(path, problem);
  if (!lies(path, limit) || problem || !lies(realPath, realLimit)) return std::nullopt;
  return path;
}

}  // namespace cairn::host
