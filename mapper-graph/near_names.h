#pragma once
// Names so like another that a slip of the finger is likely. Private to this library.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::graph {

inline constexpr std::size_t kNearDistance = 2;

// How many letters must be added, dropped, changed or swapped with their neighbour (each place once) to get
// from `a` to `b`; more than kNearDistance is answered as kNearDistance + 1. Letters of other case count as
// equal.
std::size_t slips(std::string_view a, std::string_view b);

// Up to `limit` of `names` that are at most kNearDistance from `wanted` (less for names of under six
// letters), without `wanted`, each once: first those of the same namespace (up to the last dot), then the
// nearest, then by name.
std::vector<std::string> nearNames(std::string_view wanted, std::span<const std::string_view> names,
                                   std::size_t limit);

}  // namespace cairn::graph
