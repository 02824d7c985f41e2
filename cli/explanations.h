#pragma once
// The texts of docs/errors/, which are part of the program.

#include <string>
#include <string_view>
#include <vector>

namespace cairn::cli {

struct Explanation {
  std::string_view name;  // the file's name without ".md": a plugin's code has "-" where the code has "/"
  std::string_view text;  // the first line is "# title"

  std::string_view title() const;
  std::string_view body() const;
};

// By name. Made by the build.
const std::vector<Explanation>& explanations();
// Null when there is none.
const Explanation* findExplanation(std::string code);

}  // namespace cairn::cli
