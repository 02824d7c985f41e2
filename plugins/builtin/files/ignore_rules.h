#pragma once
// Which files of a folder are left out, in the language of .gitignore.
//
// Later rules win. "!" takes back what an earlier rule left out, but not inside a folder that is left out
// itself; "/" at the end means folders only, "/" elsewhere ties the pattern to the rule's folder, "**" stands
// for any number of folders.

#include <string>
#include <string_view>
#include <vector>

namespace cairn::plugins::files {

class IgnoreRules {
 public:
  // Blank lines and lines that start with "#" say nothing.
  void addLine(std::string_view line);
  void addText(std::string_view lines);

  // `path` is relative, parts joined by "/".
  bool ignores(std::string_view path, bool isDirectory) const;

 private:
  struct Rule {
    std::string pattern;
    bool takesBack = false, directoriesOnly = false, anchored = false;
  };
  std::vector<Rule> rules_;
};

// Whether `pattern` with * ? [a-z] ** matches all of `text`.
bool matchesGlob(std::string_view pattern, std::string_view text);

}  // namespace cairn::plugins::files
