#include "host/project/expression.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace cairn::host {
namespace {

// Both of what is nested and of `.a.a.a`: whoever reads an expression goes down by recursion.
constexpr int kDeepest = 64;

bool startsName(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool continuesName(char c) {
  return startsName(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-';
}

// Reads one value from `text` at `at`; throws Fault, which never leaves this file.
class ValueParser {
 public:
  ValueParser(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  // From just behind "${" to behind the "}".
  Expression parseToBrace() {
    skipSpace();
    if (peek() == '}') fail("there is nothing between '${' and '}'");
    Expression value = parseValue();
    skipSpace();
    if (at_ >= text_.size()) fail("'${' has no closing '}'");
    if (peek() != '}') fail(std::string("'}' was expected, not '") + peek() + "'", operatorHint());
    ++at_;
    return value;
  }

  std::size_t at() const { return at_; }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skipSpace() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  bool take(char wanted) {
    skipSpace();
    if (peek() != wanted || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }

  [[noreturn]] void fail(std::string message, std::string hint = "") const {
    throw Fault{.offset = at_, .message = std::move(message), .hint = std::move(hint)};
  }

  std::string operatorHint() const {
    static constexpr std::string_view kOperators = "+-*/=!<>?&|";
    if (kOperators.find(peek()) == std::string_view::npos) return "";
    return "there are no operators; use functions: eq(a, b), if(c, a, b), default(a, b), concat(a, b)";
  }

  void checkDepth(int depth) const {
    if (depth > kDeepest) fail("the expression is nested too deeply");
  }

  void adopt(Expression& parent, Expression child) const {
    checkDepth(child.height + 1);
    parent.height = std::max(parent.height, child.height + 1);
    parent.children.push_back(std::move(child));
  }

  Expression parseValue() {
    checkDepth(++depth_);
    Expression value = parsePrimary();
    while (parseStep(value)) {
    }
    --depth_;
    return value;
  }

  bool parseStep(Expression& value) {
    skipSpace();
    const std::size_t start = at_;
    if (take('.')) {
      skipSpace();
      Expression member{.kind = Expression::Kind::Member, .offset = at_, .name = takeName()};
      adopt(member, std::move(value));
      value = std::move(member);
      return true;
    }
    if (!take('[')) return false;
    Expression index{.kind = Expression::Kind::Index, .offset = start};
    adopt(index, std::move(value));
    adopt(index, parseValue());
    if (!take(']')) fail("']' was expected");
    value = std::move(index);
    return true;
  }

  std::string takeName() {
    const std::size_t start = at_;
    while (at_ < text_.size() && continuesName(text_[at_])) ++at_;
    if (at_ == start) fail("a name was expected");
    return std::string(text_.substr(start, at_ - start));
  }

  Expression parsePrimary() {
    skipSpace();
    const std::size_t start = at_;
    const char c = peek();
    if (at_ >= text_.size()) fail("'${' has no closing '}'");
    if (c == '"' || c == '\'') return literal(start, {.value = takeQuoted(c)});
    if (c == '[') return parseList();
    if (c == '{') return parseMap();
    if (std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-') return literal(start, takeNumber());
    if (!startsName(c)) fail(std::string("a value was expected, not '") + c + "'", operatorHint());
    return parseWord();
  }

  static Expression literal(std::size_t offset, Datum value) {
    return {.kind = Expression::Kind::Literal, .offset = offset, .literal = std::move(value)};
  }

  Expression parseWord() {
    const std::size_t start = at_;
    std::string name = takeName();
    if (name == "true" || name == "false") return literal(start, {.value = name == "true"});
    if (name == "null") return literal(start, {});
    skipSpace();
    if (peek() != '(') return {.kind = Expression::Kind::Name, .offset = start, .name = std::move(name)};
    ++at_;
    Expression call{.kind = Expression::Kind::Call, .offset = start, .name = std::move(name)};
    parseItems(call, ')');
    return call;
  }

  Expression parseList() {
    Expression list{.kind = Expression::Kind::List, .offset = at_++};
    parseItems(list, ']');
    return list;
  }

  void parseItems(Expression& into, char close) {
    if (take(close)) return;
    do {
      adopt(into, parseValue());
    } while (take(','));
    if (!take(close)) fail(std::string("',' or '") + close + "' was expected", operatorHint());
  }

  Expression parseMap() {
    Expression map{.kind = Expression::Kind::Map, .offset = at_++};
    if (take('}')) return map;
    do {
      skipSpace();
      const char c = peek();
      map.keys.push_back(c == '"' || c == '\'' ? takeQuoted(c) : takeName());
      if (!take('=')) fail("'=' was expected after the key '" + map.keys.back() + "'");
      adopt(map, parseValue());
    } while (take(','));
    if (!take('}')) fail("',' or '}' was expected");
    return map;
  }

  std::string takeQuoted(char quote) {
    const std::size_t start = at_++;
    std::string out;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        const char escaped = text_[++at_];
        out += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
      } else {
        out += text_[at_];
      }
      ++at_;
    }
    if (at_ >= text_.size()) {
      at_ = start;
      fail("the text that begins here has no closing quote");
    }
    ++at_;
    return out;
  }

  Datum takeNumber() {
    const char* begin = text_.data() + at_;
    const char* end = text_.data() + text_.size();
    std::int64_t whole = 0;
    double number = 0;
    const auto asWhole = std::from_chars(begin, end, whole);
    const auto asNumber = std::from_chars(begin, end, number);
    if (asNumber.ec != std::errc()) fail("this is no number", operatorHint());
    at_ += static_cast<std::size_t>(asNumber.ptr - begin);
    if (asWhole.ec == std::errc() && asWhole.ptr == asNumber.ptr) return {.value = whole};
    return {.value = number};
  }

  std::string_view text_;
  std::size_t at_;
  int depth_ = 0;
};

void addText(TextTemplate& out, std::string_view text) {
  if (text.empty()) return;
  if (out.parts.empty() || out.parts.back().isExpression) out.parts.emplace_back();
  out.parts.back().text += text;
}

}  // namespace

Result<TextTemplate, Fault> parseText(std::string_view text) {
  TextTemplate out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t found = text.find("${", at);
    if (found == std::string_view::npos) {
      addText(out, text.substr(at));
      break;
    }
    if (found > at && text[found - 1] == '$') {  // "$${" stands for "${"
      addText(out, text.substr(at, found - 1 - at));
      addText(out, "${");
      at = found + 2;
      continue;
    }
    addText(out, text.substr(at, found - at));
    try {
      ValueParser parser(text, found + 2);
      Expression value = parser.parseToBrace();
      out.parts.push_back({.isExpression = true, .expression = std::move(value)});
      at = parser.at();
    } catch (Fault& fault) {
      return std::move(fault);
    }
  }
  return out;
}

}  // namespace cairn::host
