#include "mapper-graph/near_names.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace cairn::graph {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view space(std::string_view name) {
  return name.substr(0, name.rfind('.') + 1);
}

}  // namespace

std::size_t slips(std::string_view a, std::string_view b) {
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer - std::min(a.size(), b.size()) > kNearDistance) return kNearDistance + 1;
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + changed});
      const bool swapped =
          i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(last, row);
  }
  return std::min(last[b.size()], kNearDistance + 1);
}

std::vector<std::string> nearNames(std::string_view wanted, std::span<const std::string> names,
                                   std::size_t limit) {
  std::vector<std::tuple<bool, std::size_t, std::string>> near;
  for (const std::string& name : names) {
    const std::size_t distance = slips(wanted, name);
    if (name != wanted && distance <= std::min(kNearDistance, wanted.size() / 3))
      near.emplace_back(space(name) != space(wanted), distance, name);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> out;
  for (const auto& [elsewhere, distance, name] : near) {
    if (out.size() < limit) out.push_back(name);
  }
  return out;
}

}  // namespace cairn::graph
