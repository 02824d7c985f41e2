#include "host/broker/process_output.h"

#include <utility>

namespace cairn::host {
namespace {

constexpr std::size_t kTailLines = 40;
constexpr std::size_t kTailBytes = 64 * 1024;
constexpr std::size_t kLineLimit = 64 * 1024;

class LineReader {
 public:
  LineReader(kj::AsyncInputStream& stream, SafeCut cut, kj::Function<void(std::string)> take)
      : stream_(stream), cut_(std::move(cut)), take_(kj::mv(take)), buffer_(kj::heapArray<char>(16 * 1024)) {}

  kj::Promise<void> run() {
    return stream_.tryRead(buffer_.begin(), 1, buffer_.size())
        .then([this](std::size_t size) -> kj::Promise<void> {
          if (size == 0) {
            if (!partial_.empty()) take_(std::move(partial_));
            return kj::READY_NOW;
          }
          split({buffer_.begin(), size});
          return run();
        });
  }

 private:
  void split(std::string_view bytes) {
    for (std::size_t end; (end = bytes.find('\n')) != std::string_view::npos; bytes.remove_prefix(end + 1)) {
      partial_.append(bytes.substr(0, end));
      if (!partial_.empty() && partial_.back() == '\r') partial_.pop_back();
      take_(std::exchange(partial_, {}));
    }
    partial_.append(bytes);
    if (partial_.size() >= kLineLimit) takePiece();
  }
  void takePiece() {
    const std::size_t size = cut_ ? cut_(partial_) : partial_.size();
    if (size == 0) return;
    std::string rest = partial_.substr(size);
    partial_.resize(size);
    take_(std::exchange(partial_, std::move(rest)));
  }

  kj::AsyncInputStream& stream_;
  SafeCut cut_;
  kj::Function<void(std::string)> take_;
  kj::Array<char> buffer_;
  std::string partial_;
};

}  // namespace

void OutputTail::add(std::string line) {
  bytes_ += line.size();
  lines_.push_back(std::move(line));
  while (lines_.size() > kTailLines || (bytes_ > kTailBytes && lines_.size() > 1)) {
    bytes_ -= lines_.front().size();
    lines_.pop_front();
  }
}

std::string OutputTail::text() const {
  std::string out;
  for (const auto& line : lines_) out += line + '\n';
  return out;
}

kj::Promise<void> readLines(kj::AsyncInputStream& stream, SafeCut cut, kj::Function<void(std::string)> take) {
  auto reader = kj::heap<LineReader>(stream, std::move(cut), kj::mv(take));
  auto done = reader->run();
  return done.attach(kj::mv(reader));
}

}  // namespace cairn::host
