#include "log_reader.h"

namespace cairn::plugins::docker {
namespace {

constexpr std::size_t kPieceBytes = 16 * 1024;  // of a long line, as the engine keeps it

constexpr std::size_t kTimeBytes = 31;  // "2026-11-21T10:20:30.123456789Z "

// Of a terminal's log it ends where a piece does.
constexpr std::size_t kLongestLine = 64 * (kPieceBytes + kTimeBytes);

// Without frames only their size tells where the pieces of a line begin.
std::string joinPieces(std::string_view line) {
  std::string out(line.substr(0, kPieceBytes));
  for (line.remove_prefix(out.size()); !line.empty();) {
    takeTimestamp(line);
    const std::string_view piece = line.substr(0, kPieceBytes);
    out.append(piece);
    line.remove_prefix(piece.size());
  }
  return out;
}

}  // namespace

LogReader::LogReader(bool terminal, Take take)
    : terminal_(terminal),
      take_(std::move(take)),
      frames_(
          terminal, [this](Stream stream, std::string_view bytes) { takeFrame(stream, bytes); },
          FrameReader::Pieces::Whole),
      lines_([this](Stream stream, std::string_view line) { takeLine(stream, line); }, kLongestLine) {}

void LogReader::takeFrame(Stream stream, std::string_view frame) {
  if (!terminal_) {
    auto& begun = begun_[stream == Stream::Stderr];
    const auto time = takeTimestamp(frame);
    if (!begun) begun = time;
    frameTime_ = time;
  }
  lines_.feed(stream, frame);
}

void LogReader::takeLine(Stream stream, std::string_view line) {
  if (terminal_) {
    const auto time = takeTimestamp(line);
    take_(stream, time, joinPieces(line));
  } else {
    take_(stream, begun_[stream == Stream::Stderr].value_or(frameTime_), line);
    begun_[stream == Stream::Stderr].reset();
  }
}

}  // namespace cairn::plugins::docker
