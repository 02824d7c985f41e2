#include "log_frames.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace cairn::plugins::docker {
namespace {

constexpr std::size_t kHeaderBytes = 8;  // stream, three zeros, length (big endian)

std::uint32_t frameLength(const std::string& header) {
  std::uint32_t length = 0;
  for (std::size_t i = 4; i < kHeaderBytes; ++i) length = length << 8 | static_cast<unsigned char>(header[i]);
  return length;
}

}  // namespace

void FrameReader::feed(std::string_view bytes) {
  if (raw_) {
    if (!bytes.empty()) take_(Stream::Stdout, bytes);
    return;
  }
  while (!bytes.empty()) {
    if (left_ == 0) {
      const std::size_t size = std::min(kHeaderBytes - header_.size(), bytes.size());
      header_.append(bytes.substr(0, size));
      bytes.remove_prefix(size);
      if (header_.size() < kHeaderBytes) return;
      left_ = frameLength(header_);
      stream_ = header_[0] == 2 ? Stream::Stderr : Stream::Stdout;
      header_.clear();
      continue;
    }
    const std::size_t size = std::min<std::size_t>(left_, bytes.size());
    left_ -= static_cast<std::uint32_t>(size);
    takePiece(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
}

void FrameReader::takePiece(std::string_view piece) {
  if (pieces_ == Pieces::AsTheyCome) return take_(stream_, piece);
  frame_.append(piece);
  if (left_ > 0) return;
  take_(stream_, frame_);
  frame_.clear();
}

void LineSplitter::feed(Stream stream, std::string_view bytes) {
  std::string& partial = partial_[stream == Stream::Stderr];
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const std::string_view line = bytes.substr(0, end);
    const std::size_t room = longest_ - partial.size();
    const bool fits = line.size() <= room, whole = fits && end != bytes.npos;
    partial.append(line.substr(0, room));
    bytes.remove_prefix(whole ? end + 1 : std::min(room, line.size()));
    if (fits && !whole) return;
    if (whole && !partial.empty() && partial.back() == '\r') partial.pop_back();
    take_(stream, partial);
    partial.clear();
  }
}

void LineSplitter::finish() {
  for (Stream stream : {Stream::Stdout, Stream::Stderr}) {
    std::string& partial = partial_[stream == Stream::Stderr];
    if (!partial.empty()) take_(stream, partial);
    partial.clear();
  }
}

std::chrono::milliseconds takeTimestamp(std::string_view& text) {
  using namespace std::chrono;
  int year, month, day, hour, minute, second, length = 0;
  const std::string start(text.substr(0, 19));
  if (std::sscanf(start.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second,
                  &length) != 6 ||
      length != 19) {
    return milliseconds(0);
  }
  std::string_view rest = text.substr(19);
  int millis = 0;
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    for (int scale = 100; !rest.empty() && std::isdigit(static_cast<unsigned char>(rest.front()));
         scale /= 10) {
      millis += (rest.front() - '0') * scale;
      rest.remove_prefix(1);
    }
  }
  if (rest.empty() || rest.front() != 'Z') return milliseconds(0);
  rest.remove_prefix(1);
  if (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  text = rest;
  const auto date = std::chrono::year(year) / month / day;
  return duration_cast<milliseconds>(sys_days(date).time_since_epoch()) + hours(hour) + minutes(minute) +
         seconds(second) + milliseconds(millis);
}

}  // namespace cairn::plugins::docker
