#pragma once
// "Did you mean": the right name that is nearest to a wrong one.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::host {

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`; case and '-' against
// '_' count nothing.
int nameDistance(std::string_view a, std::string_view b);

// The nearest of `names` at a distance of at most 2, and less than the name's own length; empty if there is
// none. The first one wins a tie.
std::string nearestName(std::string_view wrong, std::span<const std::string> names);

// A hint: "did you mean 'image'?", else "known: a, b, c" (the first 40), else "".
std::string nameHint(std::string_view wrong, std::span<const std::string> names);

// "a, b, c"
std::string joinNames(std::span<const std::string> names);

}  // namespace cairn::host
