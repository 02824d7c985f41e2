#include "ignore_rules.h"

#include <algorithm>
#include <filesystem>

namespace cairn::plugins::docker {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// "./a//b/" and "/a/b" both mean "a/b".
std::string cleanPattern(std::string_view text) {
  std::string out = std::filesystem::path(text).lexically_normal().generic_string();
  while (!out.empty() && out.front() == '/') out.erase(0, 1);
  while (!out.empty() && out.back() == '/') out.pop_back();
  return out;
}

// Matches one [...] at the start of `pattern`, which is moved behind it.
bool matchesClass(std::string_view& pattern, char c) {
  std::size_t i = 1;
  const bool negated = i < pattern.size() && pattern[i] == '^';
  if (negated) ++i;
  bool found = false;
  for (bool first = true; i < pattern.size() && (first || pattern[i] != ']'); first = false) {
    char low = pattern[i++];
    if (low == '\\' && i < pattern.size()) low = pattern[i++];
    char high = low;
    if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
      high = pattern[i + 1];
      i += 2;
    }
    found = found || (low <= c && c <= high);
  }
  pattern.remove_prefix(std::min(i + 1, pattern.size()));
  return found != negated;
}

bool startsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// ** at the start of `pattern`: none, one or more folders, or anything where nothing follows.
bool matchesAnyFolders(std::string_view rest, std::string_view path) {
  if (rest.empty()) return true;
  if (rest.front() == '/') {
    rest.remove_prefix(1);
    if (matchesPattern(rest, path)) return true;
    for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
      if (matchesPattern(rest, path.substr(slash + 1))) return true;
    }
    return false;
  }
  for (std::size_t i = 0; i <= path.size(); ++i) {
    if (matchesPattern(rest, path.substr(i))) return true;
  }
  return false;
}

bool matchesStar(std::string_view rest, std::string_view path) {
  for (std::size_t i = 0;; ++i) {
    if (matchesPattern(rest, path.substr(i))) return true;
    if (i == path.size() || path[i] == '/') return false;
  }
}

std::string_view firstPart(std::string_view& text) {
  const auto slash = text.find('/');
  const std::string_view part = text.substr(0, slash);
  text = slash == text.npos ? std::string_view() : text.substr(slash + 1);
  return part;
}

}  // namespace

bool matchesPattern(std::string_view pattern, std::string_view path) {
  while (!pattern.empty()) {
    if (startsWith(pattern, "**")) return matchesAnyFolders(pattern.substr(2), path);
    if (pattern.front() == '*') return matchesStar(pattern.substr(1), path);
    if (path.empty()) return false;
    if (pattern.front() == '[') {
      if (path.front() == '/' || !matchesClass(pattern, path.front())) return false;
    } else if (pattern.front() == '?') {
      if (path.front() == '/') return false;
      pattern.remove_prefix(1);
    } else {
      if (pattern.front() == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
      if (pattern.front() != path.front()) return false;
      pattern.remove_prefix(1);
    }
    path.remove_prefix(1);
  }
  return path.empty();
}

IgnoreRules IgnoreRules::parse(std::string_view text) {
  IgnoreRules out;
  if (startsWith(text, "\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
    if (!startsWith(line, "#")) out.add(line);
  }
  return out;
}

void IgnoreRules::add(std::string_view line) {
  line = trim(line);
  const bool exception = startsWith(line, "!");
  if (exception) line = trim(line.substr(1));
  std::string pattern = cleanPattern(line);
  if (!pattern.empty() && pattern != ".") rules_.push_back({std::move(pattern), exception});
}

bool IgnoreRules::ignores(std::string_view path) const {
  bool ignored = false;
  for (const Rule& rule : rules_) {
    if (rule.exception != ignored) continue;  // it would change nothing
    bool fits = matchesPattern(rule.pattern, path);
    for (auto slash = path.rfind('/'); !fits && slash != path.npos && slash > 0;
         slash = path.rfind('/', slash - 1)) {
      fits = matchesPattern(rule.pattern, path.substr(0, slash));
    }
    if (fits) ignored = !rule.exception;
  }
  return ignored;
}

bool IgnoreRules::mayHoldExceptions(std::string_view folder) const {
  return std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) {
    if (!rule.exception) return false;
    std::string_view pattern = rule.pattern, rest = folder;
    while (!rest.empty()) {
      const std::string_view part = firstPart(pattern);
      if (part.find("**") != part.npos) return true;
      if (part.empty() || !matchesPattern(part, firstPart(rest))) return false;
    }
    return true;
  });
}

}  // namespace cairn::plugins::docker
