#pragma once
// Which files of a build context stay behind: a .dockerignore, read as the engine's own client reads it.
//
// A rule takes a path and everything below it; the last rule that fits decides; `!` lets back in.

#include <string>
#include <string_view>
#include <vector>

namespace cairn::plugins::docker {

class IgnoreRules {
 public:
  // Reads a file's text: one rule a line, `#` begins a comment line.
  static IgnoreRules parse(std::string_view text);

  // Adds a rule behind all others.
  void add(std::string_view line);

  // `path` is relative to the context, with '/' between its parts.
  bool ignores(std::string_view path) const;

  // False where nothing below an ignored `folder` can be let back in, so that it need not be walked.
  bool mayHoldExceptions(std::string_view folder) const;

 private:
  struct Rule {
    std::string pattern;
    bool exception = false;
  };
  std::vector<Rule> rules_;
};

// True if `pattern` (*, ?, [a-z], \x, and ** for any number of folders) fits the whole of `path`.
bool matchesPattern(std::string_view pattern, std::string_view path);

}  // namespace cairn::plugins::docker
