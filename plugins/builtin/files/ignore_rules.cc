#include "ignore_rules.h"

namespace cairn::plugins::files {
namespace {

// A "[...]" that starts the pattern; its length, or 0 where it is never closed.
std::size_t matchClass(std::string_view pattern, char c, bool& matched) {
  std::size_t at = 1;
  bool inverted = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  at += inverted;
  matched = false;
  for (bool first = true; at < pattern.size() && (first || pattern[at] != ']'); first = false, ++at) {
    char low = pattern[at], high = low;
    if (at + 2 < pattern.size() && pattern[at + 1] == '-' && pattern[at + 2] != ']') {
      high = pattern[at + 2];
      at += 2;
    }
    matched |= low <= c && c <= high;
  }
  if (at >= pattern.size()) return 0;
  matched = matched != inverted && c != '/';
  return at + 1;
}

// Whether the rest matches after any number of whole folders.
bool matchFolders(std::string_view rest, std::string_view text) {
  for (;;) {
    if (matchesGlob(rest, text)) return true;
    auto slash = text.find('/');
    if (slash == text.npos) return false;
    text.remove_prefix(slash + 1);
  }
}

bool matchStar(std::string_view rest, std::string_view text) {
  for (std::size_t taken = 0;; ++taken) {
    if (matchesGlob(rest, text.substr(taken))) return true;
    if (taken == text.size() || text[taken] == '/') return false;
  }
}

}  // namespace

bool matchesGlob(std::string_view pattern, std::string_view text) {
  while (!pattern.empty()) {
    if (pattern.substr(0, 3) == "**/") return matchFolders(pattern.substr(3), text);
    if (pattern == "**") return true;
    if (pattern[0] == '*') return matchStar(pattern.substr(1), text);
    if (text.empty()) return false;
    std::size_t used = 1;
    bool matched = pattern[0] == text[0];
    if (pattern[0] == '?') matched = text[0] != '/';
    if (pattern[0] == '\\' && pattern.size() > 1) {
      used = 2;
      matched = pattern[1] == text[0];
    }
    if (pattern[0] == '[') {
      if (auto length = matchClass(pattern, text[0], matched))
        used = length;
      else
        matched = text[0] == '[';
    }
    if (!matched) return false;
    pattern.remove_prefix(used);
    text.remove_prefix(1);
  }
  return text.empty();
}

void IgnoreRules::addLine(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
    line.remove_suffix(1);
  if (line.empty() || line[0] == '#') return;
  Rule rule;
  if (line[0] == '!') {
    rule.takesBack = true;
    line.remove_prefix(1);
  }
  if (!line.empty() && line.back() == '/') {
    rule.directoriesOnly = true;
    line.remove_suffix(1);
  }
  rule.anchored = line.find('/') != line.npos;
  if (!line.empty() && line[0] == '/') line.remove_prefix(1);
  if (line.empty()) return;
  rule.pattern = line;
  rules_.push_back(std::move(rule));
}

void IgnoreRules::addText(std::string_view lines) {
  while (!lines.empty()) {
    auto end = lines.find('\n');
    addLine(lines.substr(0, end));
    lines.remove_prefix(end == lines.npos ? lines.size() : end + 1);
  }
}

bool IgnoreRules::ignores(std::string_view path, bool isDirectory) const {
  auto slash = path.rfind('/');
  auto name = slash == path.npos ? path : path.substr(slash + 1);
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (rule->directoriesOnly && !isDirectory) continue;
    if (matchesGlob(rule->pattern, rule->anchored ? path : name)) return !rule->takesBack;
  }
  return false;
}

}  // namespace cairn::plugins::files
