#include "mapper-graph/near_names.h"

#include <cairn/base/near_names.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <tuple>
#include <utility>

namespace cairn::graph {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Which letters there are, a bit each. A slip changes at most two of these bits: cheaper still.
std::uint64_t lettersIn(std::string_view name) {
  std::uint64_t letters = 0;
  for (const char c : name) letters |= std::uint64_t{1} << (static_cast<unsigned char>(lower(c)) & 63u);
  return letters;
}

// Cheap to ask of many names: two slips take away at most two letters from either.
bool shareLetters(std::string_view a, std::string_view b) {
  std::array<int, 256> count{};
  for (const char c : a) ++count[static_cast<unsigned char>(lower(c))];
  for (const char c : b) --count[static_cast<unsigned char>(lower(c))];
  std::size_t off = 0;
  for (const int n : count) off += static_cast<std::size_t>(n < 0 ? -n : n);
  return off <= 2 * kNearDistance;
}

std::string_view space(std::string_view name) {
  return name.substr(0, name.rfind('.') + 1);
}

}  // namespace

std::size_t slips(std::string_view a, std::string_view b) {
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer - std::min(a.size(), b.size()) > kNearDistance) return kNearDistance + 1;
  std::string left(a), right(b);
  std::transform(left.begin(), left.end(), left.begin(), lower);
  std::transform(right.begin(), right.end(), right.begin(), lower);
  return std::min(editDistance(left, right), kNearDistance + 1);
}

std::vector<std::string> nearNames(std::string_view wanted, std::span<const std::string_view> names,
                                   std::size_t limit) {
  std::vector<std::tuple<bool, std::size_t, std::string>> near;
  const std::uint64_t letters = lettersIn(wanted);
  for (const std::string_view name : names) {
    if (std::max(name.size(), wanted.size()) > std::min(name.size(), wanted.size()) + kNearDistance) continue;
    if (std::popcount(letters ^ lettersIn(name)) > 2 * static_cast<int>(kNearDistance)) continue;
    if (!shareLetters(wanted, name)) continue;
    const std::size_t distance = slips(wanted, name);
    if (name != wanted && distance <= std::min(kNearDistance, wanted.size() / 3))
      near.emplace_back(space(name) != space(wanted), distance, name);
  }
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  std::vector<std::string> out;
  for (const auto& [elsewhere, distance, name] : near) {
    if (out.size() < limit) out.push_back(name);
  }
  return out;
}

}  // namespace cairn::graph
