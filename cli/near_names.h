#pragma once
// "Did you mean …?"

#include <string>
#include <string_view>
#include <vector>

namespace cairn::cli {

// Those of `names` that somebody who wrote `written` may have meant, the nearest first; at most three.
std::vector<std::string> nearNames(std::string_view written, const std::vector<std::string>& names);

// "did you mean a, b or c?"; `otherwise` when nothing is near.
std::string didYouMean(std::string_view written, const std::vector<std::string>& names,
                       std::string otherwise);

}  // namespace cairn::cli
