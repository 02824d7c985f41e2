#pragma once
// How deep a TOML text nests tables and lists, seen before a parser that recurses gets it.

#include <cairn/base/error.h>

#include <optional>
#include <string>
#include <string_view>

namespace cairn::host {

inline constexpr int kDeepestToml = 100;

// Exact for all that comes before the first mistake of syntax, where a parser stops. Error: nested-too-deep.
std::optional<Error> tooDeep(std::string_view text, const std::string& file);

}  // namespace cairn::host
