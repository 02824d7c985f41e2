#pragma once
// A container's log with its times, as the engine sends it: line by line, each with the time at which it
// began.

#include "log_frames.h"

#include <optional>

namespace cairn::plugins::docker {

// The engine keeps a line of more than 16 KiB in pieces and puts the time before each of them, so that it
// stands also in the middle of a long line. One of more than a MiB is given out in pieces.
class LogReader {
 public:
  using Take = std::function<void(Stream, std::chrono::milliseconds, std::string_view)>;

  // `terminal`: the container has one, so that its log comes without frames and all is stdout.
  LogReader(bool terminal, Take take);

  void feed(std::string_view bytes) { frames_.feed(bytes); }
  // Gives out what is left without a line's end.
  void finish() { lines_.finish(); }

 private:
  void takeFrame(Stream stream, std::string_view frame);
  void takeLine(Stream stream, std::string_view line);

  const bool terminal_;
  Take take_;
  FrameReader frames_;
  LineSplitter lines_;
  std::optional<std::chrono::milliseconds> begun_[2];  // when the line under way did, each stream's own
  std::chrono::milliseconds frameTime_{0};             // of the frame under way: of a line that was cut in it
};

}  // namespace cairn::plugins::docker
