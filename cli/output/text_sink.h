#pragma once
// Where text goes: a descriptor, or a string in tests.

#include <string>
#include <string_view>
#include <utility>

namespace cairn::cli {

class TextSink {
 public:
  virtual ~TextSink() = default;
  virtual void write(std::string_view text) = 0;
};

// Doesn't own the descriptor. What can't be written (a closed pipe, a full disk) is dropped: the work goes on
// without its reader, and error() tells at its end.
class FdSink final : public TextSink {
 public:
  explicit FdSink(int fd) : fd_(fd) {}
  void write(std::string_view text) override;
  // The errno of the first write that failed; 0 where none did. A reader that closed its pipe has seen
  // enough.
  int error() const { return error_; }

 private:
  int fd_;
  int error_ = 0;
};

class StringSink final : public TextSink {
 public:
  void write(std::string_view text) override { text_ += text; }
  const std::string& text() const { return text_; }
  std::string take() { return std::exchange(text_, {}); }

 private:
  std::string text_;
};

}  // namespace cairn::cli
