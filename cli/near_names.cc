#include "cli/near_names.h"

#include <cairn/base/near_names.h>

#include <algorithm>

namespace cairn::cli {

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
