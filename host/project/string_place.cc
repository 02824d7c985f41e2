#include "host/project/string_place.h"

#include <cstdlib>

namespace cairn::host {
namespace {

// Walks the source of one TOML string, and counts the bytes of its value beside lines and columns.
class StringWalk {
 public:
  StringWalk(const std::string& source, SourcePosition at) : source_(source), at_(std::move(at)) {}

  bool goTo(int line, int column) {
    for (int current = 1; current < line; ++current) {
      byte_ = source_.find('\n', byte_);
      if (byte_ == std::string::npos) return false;
      ++byte_;
    }
    for (int current = 1; current < column && byte_ < source_.size(); ++current) byte_ += codepointLength();
    return byte_ < source_.size() && (source_[byte_] == '"' || source_[byte_] == '\'');
  }

  SourcePosition walk(std::size_t offset) {
    const char quote = source_[byte_];
    const bool isLong = source_.compare(byte_, 3, std::string(3, quote)) == 0;
    step(isLong ? 3 : 1);
    if (isLong && peek(0) == '\n') step(1);
    if (isLong && peek(0) == '\r') step(2);
    for (std::size_t value = 0; value < offset && byte_ < source_.size();) {
      if (quote == '"' && peek(0) == '\\')
        value += stepEscape();
      else
        value += stepOne();
    }
    return at_;
  }

 private:
  char peek(std::size_t ahead) const {
    return byte_ + ahead < source_.size() ? source_[byte_ + ahead] : '\0';
  }

  std::size_t codepointLength() const {
    const auto lead = static_cast<unsigned char>(source_[byte_]);
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }

  std::size_t stepOne() {
    const std::size_t length = codepointLength();
    if (source_[byte_] == '\n') {
      ++at_.line;
      at_.column = 1;
    } else {
      ++at_.column;
    }
    byte_ += length;
    return length;
  }

  void step(int times) {
    while (times-- > 0 && byte_ < source_.size()) stepOne();
  }

  // The bytes that the escape stands for.
  std::size_t stepEscape() {
    const char kind = peek(1);
    if (kind == 'u' || kind == 'U') {
      const int digits = kind == 'u' ? 4 : 8;
      const long code =
          std::strtol(source_.substr(byte_ + 2, static_cast<std::size_t>(digits)).c_str(), nullptr, 16);
      step(2 + digits);
      return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    }
    if (kind != '\n' && kind != '\r' && kind != ' ' && kind != '\t') {
      step(2);
      return 1;
    }
    step(1);  // a backslash at the end of a line swallows what follows up to the next letter
    while (peek(0) == ' ' || peek(0) == '\t' || peek(0) == '\n' || peek(0) == '\r') step(1);
    return 0;
  }

  const std::string& source_;
  SourcePosition at_;
  std::size_t byte_ = 0;
};

}  // namespace

SourcePosition placeInString(const std::string& source, const SourcePosition& begin, std::size_t offset) {
  StringWalk walk(source, begin);
  if (begin.line <= 0 || !walk.goTo(begin.line, begin.column)) return begin;
  return walk.walk(offset);
}

}  // namespace cairn::host
