#include "host/pipeline/reference.h"

#include <charconv>

namespace cairn::host {

std::optional<NumberReference> readNumber(std::string_view reference) {
  NumberReference out;
  out.isVersion = reference.starts_with('v');
  if (out.isVersion || reference.starts_with('#')) reference.remove_prefix(1);
  const char* const end = reference.data() + reference.size();
  // More digits are those of an id.
  if (reference.empty() || reference.size() > 8) return std::nullopt;
  const auto read = std::from_chars(reference.data(), end, out.sequence);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return out;
}

}  // namespace cairn::host
