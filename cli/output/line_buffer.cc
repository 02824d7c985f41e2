#include "cli/output/line_buffer.h"

#include <utility>

namespace cairn::cli {

namespace {

// A longer line without an end is given in pieces: it must not fill the memory.
constexpr size_t kLongestLine = 64 * 1024;

std::string lastState(std::string line) {
  while (!line.empty() && line.back() == '\r') line.pop_back();
  size_t rewritten = line.rfind('\r');
  return rewritten == std::string::npos ? line : line.substr(rewritten + 1);
}

}  // namespace

std::vector<std::string> LineBuffer::feed(std::string_view bytes, const Masker& masker) {
  std::vector<std::string> lines;
  while (!bytes.empty()) {
    size_t end = bytes.find('\n');
    partial_ += bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (end != std::string_view::npos) {
      lines.push_back(lastState(std::exchange(partial_, {})));
    } else if (partial_.size() >= kLongestLine) {
      std::string piece = std::exchange(partial_, partial_.substr(masker.safeCut(partial_)));
      piece.resize(piece.size() - partial_.size());
      if (!piece.empty()) lines.push_back(lastState(std::move(piece)));
    }
  }
  return lines;
}

std::string LineBuffer::rest() {
  return lastState(std::exchange(partial_, {}));
}

}  // namespace cairn::cli
