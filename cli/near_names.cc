#include "cli/near_names.h"

#include <algorithm>
#include <numeric>

namespace cairn::cli {

namespace {

// How many letters must be put in, left out, changed or swapped with their neighbour.
size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::vector<std::string> nearNames(std::string_view written, const std::vector<std::string>& names) {
  std::vector<std::pair<size_t, std::string>> near;
  for (const std::string& name : names) {
    size_t distance = editDistance(written, name);
    bool starts = written.size() >= 2 && name.starts_with(written);
    if (starts || distance <= std::max<size_t>(1, written.size() / 3))
      near.emplace_back(starts ? 0 : distance, name);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> out;
  for (auto& [distance, name] : near) {
    if (out.size() < 3) out.push_back(name);
  }
  return out;
}

std::string didYouMean(std::string_view written, const std::vector<std::string>& names,
                       std::string otherwise) {
  std::vector<std::string> near = nearNames(written, names);
  if (near.empty()) return otherwise;
  std::string text = "did you mean ";
  for (size_t i = 0; i < near.size(); ++i)
    text += (i == 0 ? "" : i + 1 == near.size() ? " or " : ", ") + near[i];
  return text + "?";
}

}  // namespace cairn::cli
