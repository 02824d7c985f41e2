#pragma once
// What may come next on a command line that is being typed.

#include <string>
#include <vector>

namespace cairn::cli {

// `words` are those after "cairn"; the last one is being typed and may be empty. Looks into the cairn.toml of
// `directory` or above for names of apps, without checking it.
std::vector<std::string> completionWords(const std::vector<std::string>& words, const std::string& directory);

}  // namespace cairn::cli
