#include "entrypoint/flat_json.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace cairn::entrypoint {
namespace {

void appendQuoted(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", c);
      out += escape;
    } else {
      out += c;
    }
  }
  out += '"';
}

void appendUtf8(std::string& out, uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  const int tail = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  constexpr unsigned char kLead[] = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLead[tail] | (c >> (6 * tail)));
  for (int i = tail - 1; i >= 0; --i) out += static_cast<char>(0x80 | ((c >> (6 * i)) & 0x3F));
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<std::vector<std::pair<std::string, FlatJson::Value>>> object() {
    std::vector<std::pair<std::string, FlatJson::Value>> members;
    CAIRN_TRY(expect('{'));
    if (!accept('}')) {
      do {
        std::string key = CAIRN_TRY(string());
        CAIRN_TRY(expect(':'));
        FlatJson::Value member = CAIRN_TRY(value());
        members.emplace_back(std::move(key), std::move(member));
      } while (accept(','));
      CAIRN_TRY(expect('}'));
    }
    skipSpace();
    if (at_ != text_.size()) return wrong("the end");
    return members;
  }

 private:
  Error wrong(std::string_view wanted) const {
    return Error{.kind = ErrorKind::Config,
                 .code = "bad-message",
                 .message = "byte " + std::to_string(at_) + ": expected " + std::string(wanted),
                 .hint = "one JSON object on one line, of plain values"};
  }

  void skipSpace() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }

  bool accept(char c) {
    skipSpace();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool acceptWord(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  Result<void> expect(char c) {
    if (!accept(c)) return wrong(std::string("'") + c + "'");
    return {};
  }

  Result<FlatJson::Value> value() {
    skipSpace();
    if (acceptWord("null")) return FlatJson::Value(nullptr);
    if (acceptWord("true")) return FlatJson::Value(true);
    if (acceptWord("false")) return FlatJson::Value(false);
    const char next = at_ < text_.size() ? text_[at_] : '\0';
    if (next == '"') return FlatJson::Value(CAIRN_TRY(string()));
    if (next == '[') return FlatJson::Value(CAIRN_TRY(list()));
    return FlatJson::Value(CAIRN_TRY(number()));
  }

  Result<std::vector<std::string>> list() {
    std::vector<std::string> items;
    CAIRN_TRY(expect('['));
    if (accept(']')) return items;
    do {
      items.push_back(CAIRN_TRY(string()));
    } while (accept(','));
    CAIRN_TRY(expect(']'));
    return items;
  }

  Result<int64_t> number() {
    int64_t out = 0;
    const char* begin = text_.data() + at_;
    const char* end = text_.data() + text_.size();
    auto [stop, code] = std::from_chars(begin, end, out);
    const bool fraction = stop != end && (*stop == '.' || *stop == 'e' || *stop == 'E');
    if (code != std::errc() || fraction) return wrong("a string, a whole number, true, false or null");
    at_ += static_cast<size_t>(stop - begin);
    return out;
  }

  Result<std::string> string() {
    CAIRN_TRY(expect('"'));
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20) return wrong("no control character in a string");
      ++at_;
      if (c != '\\') {
        out += c;
        continue;
      }
      CAIRN_TRY(escape(out));
    }
    if (at_ >= text_.size()) return wrong("the closing quote");
    ++at_;
    return out;
  }

  Result<void> escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    const char name = at_ < text_.size() ? text_[at_] : '\0';
    if (name == 'u') {
      ++at_;
      uint32_t c = CAIRN_TRY(hex4());
      if (c >= 0xD800 && c < 0xDC00 && acceptWord("\\u")) {
        const uint32_t low = CAIRN_TRY(hex4());
        if (low < 0xDC00 || low > 0xDFFF) return wrong("the second half of a surrogate pair");
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
      }
      appendUtf8(out, c);
      return {};
    }
    const size_t index = kNames.find(name);
    if (name == '\0' || index == std::string_view::npos) return wrong("an escape that JSON has");
    out += kMeant[index];
    ++at_;
    return {};
  }

  Result<uint32_t> hex4() {
    uint32_t out = 0;
    const std::string_view digits = text_.substr(std::min(at_, text_.size()), 4);
    auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
    if (digits.size() != 4 || code != std::errc() || stop != digits.data() + 4)
      return wrong("four hex digits");
    at_ += 4;
    return out;
  }

  std::string_view text_;
  size_t at_ = 0;
};

void appendValue(std::string& out, const FlatJson::Value& value) {
  if (std::holds_alternative<std::nullptr_t>(value)) out += "null";
  if (const bool* flag = std::get_if<bool>(&value)) out += *flag ? "true" : "false";
  if (const int64_t* number = std::get_if<int64_t>(&value)) out += std::to_string(*number);
  if (const std::string* text = std::get_if<std::string>(&value)) appendQuoted(out, *text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    out += '[';
    for (size_t i = 0; i < list->size(); ++i) {
      if (i > 0) out += ',';
      appendQuoted(out, (*list)[i]);
    }
    out += ']';
  }
}

}  // namespace

Result<FlatJson> FlatJson::parse(std::string_view line) {
  FlatJson out;
  out.members_ = CAIRN_TRY(Reader(line).object());
  return out;
}

FlatJson& FlatJson::put(std::string_view key, Value value) {
  for (auto& [name, old] : members_) {
    if (name != key) continue;
    old = std::move(value);
    return *this;
  }
  members_.emplace_back(std::string(key), std::move(value));
  return *this;
}

std::string FlatJson::line() const {
  std::string out = "{";
  for (const auto& [name, value] : members_) {
    if (out.size() > 1) out += ',';
    appendQuoted(out, name);
    out += ':';
    appendValue(out, value);
  }
  return out + "}";
}

FlatJson refusal(const Error& error) {
  FlatJson out;
  out.setBool("ok", false)
      .setText("code", error.code)
      .setText("message", error.message)
      .setText("hint", error.hint);
  return out;
}

Error errorOf(const FlatJson& refusal) {
  return Error{.kind = ErrorKind::Failed,
               .code = refusal.findText("code").value_or("bad-message"),
               .message = refusal.findText("message").value_or("the answer says neither yes nor why not"),
               .hint = refusal.findText("hint").value_or("")};
}

}  // namespace cairn::entrypoint
