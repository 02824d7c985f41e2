#include "cli/explanations.h"

#include <algorithm>

namespace cairn::cli {

std::string_view Explanation::title() const {
  std::string_view line = text.substr(0, text.find('\n'));
  return line.starts_with("# ") ? line.substr(2) : line;
}

std::string_view Explanation::body() const {
  size_t start = text.find('\n');
  std::string_view rest = start == std::string_view::npos ? "" : text.substr(start);
  while (!rest.empty() && (rest.front() == '\n' || rest.front() == ' ')) rest.remove_prefix(1);
  while (!rest.empty() && (rest.back() == '\n' || rest.back() == ' ')) rest.remove_suffix(1);
  return rest;
}

const Explanation* findExplanation(std::string code) {
  std::replace(code.begin(), code.end(), '/', '-');
  auto found = std::find_if(explanations().begin(), explanations().end(),
                            [&](const Explanation& explanation) { return explanation.name == code; });
  return found == explanations().end() ? nullptr : &*found;
}

}  // namespace cairn::cli
