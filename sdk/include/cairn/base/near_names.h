#pragma once
// "Did you mean …?": which of the known names a person may have meant.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

// How many letters must be changed, added, dropped or swapped with their neighbour to make `b` of `a`.
inline std::size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      cost[i][j] = std::min(
          {cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

// Of `known` the one nearest to `name`, if it is at most two slips away and shorter names at most one; else
// empty.
inline std::string nearestName(std::string_view name, const std::vector<std::string>& known) {
  std::string best;
  std::size_t limit = name.size() <= 3 ? 1 : 2;
  for (const auto& candidate : known) {
    if (candidate == name) continue;
    if (auto distance = editDistance(name, candidate);
        distance <= limit && (best.empty() || distance < editDistance(name, best))) {
      best = candidate;
    }
  }
  return best;
}

// `did you mean "docker"?`, or nothing.
inline std::string nearNameHint(std::string_view name, const std::vector<std::string>& known) {
  std::string nearest = nearestName(name, known);
  return nearest.empty() ? "" : "did you mean \"" + nearest + "\"?";
}

}  // namespace cairn
