#include "host/project/toml_depth.h"

#include <algorithm>
#include <vector>

namespace cairn::host {
namespace {

class DepthScan {
 public:
  explicit DepthScan(std::string_view text) : text_(text) {}

  // Whether a place is deeper than `deepest`; then line() and column() are that place.
  bool exceeds(int deepest) {
    while (at_ < text_.size()) {
      step();
      const bool inKeyOrValue = !lineIsEmpty_ || !open_.empty();
      if (inKeyOrValue && header_ + outer_ + parts_ > deepest) return true;
    }
    return false;
  }
  int line() const { return line_; }
  int column() const { return static_cast<int>(tokenAt_ - lineStart_) + 1; }

 private:
  void step() {
    tokenAt_ = at_;
    const char c = text_[at_];
    if (c == '"' || c == '\'') return skipString(c);
    if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return;
    }
    ++at_;
    if (c == '\n') return newLine();
    if (c == ' ' || c == '\t' || c == '\r') return;
    punctuation(c);
    lineIsEmpty_ = false;
  }

  void punctuation(char c) {
    if (c == '[' && open_.empty() && (lineIsEmpty_ || inHeader_)) {
      inHeader_ = true;
      header_ = 0;
      parts_ = 1;
    } else if (c == '[' || c == '{') {
      open_.push_back(parts_);
      outer_ += parts_;
      parts_ = 1;
    } else if ((c == ']' || c == '}') && !open_.empty()) {
      parts_ = open_.back();
      outer_ -= parts_;
      open_.pop_back();
    } else if (c == ',') {
      parts_ = 1;
    } else if (c == '.') {
      ++parts_;
    }
  }

  void newLine() {
    ++line_;
    lineStart_ = at_;
    if (!open_.empty()) return;
    if (inHeader_) header_ = parts_;
    inHeader_ = false;
    lineIsEmpty_ = true;
    parts_ = 1;
  }

  void skipString(char quote) {
    lineIsEmpty_ = false;
    const std::string three(3, quote);
    const bool isLong = text_.substr(at_, 3) == three;
    at_ += isLong ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n' && !isLong) return;  // has no end: the parser stops here
      if (isLong ? text_.substr(at_, 3) == three : c == quote) break;
      at_ += c == '\\' && quote == '"' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n' ? 2 : 1;
      if (c == '\n') ++line_, lineStart_ = at_;
    }
    at_ = std::min(at_ + (isLong ? 3 : 1), text_.size());
    // A long string may end in one or two quotes of its own.
    for (int own = 0; isLong && own < 2 && at_ < text_.size() && text_[at_] == quote; ++own) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t tokenAt_ = 0;
  std::size_t lineStart_ = 0;
  int line_ = 1;
  bool lineIsEmpty_ = true;
  bool inHeader_ = false;
  int header_ = 0;         // parts of the table's name
  int parts_ = 1;          // of the key that is being read, or was last
  int outer_ = 0;          // the sum of open_
  std::vector<int> open_;  // the parts of the key before each open bracket
};

}  // namespace

std::optional<Error> tooDeep(std::string_view text, const std::string& file) {
  DepthScan scan(text);
  if (!scan.exceeds(kDeepestToml)) return std::nullopt;
  return Error{.kind = ErrorKind::Config,
               .code = "nested-too-deep",
               .message = "this is nested more than " + std::to_string(kDeepestToml) + " deep",
               .hint = "use fewer dotted parts, tables or lists within each other",
               .position = SourcePosition{file, scan.line(), scan.column()}};
}

}  // namespace cairn::host
