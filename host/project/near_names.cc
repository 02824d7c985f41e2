#include "host/project/near_names.h"

#include <cairn/base/near_names.h>

#include <algorithm>
#include <cctype>

namespace cairn::host {
namespace {

constexpr int kFarthest = 2;
constexpr std::size_t kMostListed = 40;  // more is no help to anybody

std::string folded(std::string_view name) {
  std::string out;
  for (char c : name) out += c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

int nameDistance(std::string_view left, std::string_view right) {
  return static_cast<int>(editDistance(folded(left), folded(right)));
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
  if (names.size() <= kMostListed) return names.empty() ? "" : "known: " + joinNames(names);
  return "known: " + joinNames(names.first(kMostListed)) + ", …";
}

}  // namespace cairn::host
