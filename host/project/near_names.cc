#include "host/project/near_names.h"

#include <algorithm>
#include <cctype>

namespace cairn::host {
namespace {

constexpr int kFarthest = 2;

std::string folded(std::string_view name) {
  std::string out;
  for (char c : name) out += c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

int nameDistance(std::string_view left, std::string_view right) {
  const std::string a = folded(left), b = folded(right);
  std::vector<std::vector<int>> cost(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = static_cast<int>(i);
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int change = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

std::string nearestName(std::string_view wrong, std::span<const std::string> names) {
  // A long name costs a table of its length squared; nobody mistypes one of hundreds of letters.
  if (wrong.size() > 100) return "";
  int best = kFarthest + 1;
  std::string nearest;
  for (const std::string& name : names) {
    const int difference = static_cast<int>(name.size()) - static_cast<int>(wrong.size());
    if (std::abs(difference) > kFarthest) continue;
    const int distance = nameDistance(wrong, name);
    if (distance < best && distance < static_cast<int>(name.size())) {
      best = distance;
      nearest = name;
    }
  }
  return nearest;
}

std::string joinNames(std::span<const std::string> names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string nameHint(std::string_view wrong, std::span<const std::string> names) {
  const std::string nearest = nearestName(wrong, names);
  if (!nearest.empty()) return "did you mean '" + nearest + "'?";
  return names.empty() ? "" : "known: " + joinNames(names);
}

}  // namespace cairn::host
