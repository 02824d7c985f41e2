#pragma once
// The engine's output of containers and exec'd programs: frames of stdout and stderr on one connection, or
// raw bytes of a terminal.

#include <cairn/call.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace cairn::plugins::docker {

// Takes bytes as they come, in pieces of any size, and gives out what each frame holds.
class FrameReader {
 public:
  enum class Pieces { AsTheyCome, Whole };  // Whole: each frame at once
  using Take = std::function<void(Stream, std::string_view)>;

  // `raw`: there are no frames, all is stdout (a container or exec with a terminal).
  FrameReader(bool raw, Take take, Pieces pieces = Pieces::AsTheyCome)
      : raw_(raw), pieces_(pieces), take_(std::move(take)) {}

  void feed(std::string_view bytes);

 private:
  void takePiece(std::string_view piece);

  bool raw_;
  Pieces pieces_;
  Take take_;
  std::string header_;      // of the next frame, as much of it as has come
  std::uint32_t left_ = 0;  // bytes of this frame still to come
  Stream stream_ = Stream::Stdout;
  std::string frame_;  // what has come of it, where it is given out whole
};

// Puts lines together, each stream on its own. A longer one than `longest` bytes is given out in pieces of
// that size: a program may never end its line.
class LineSplitter {
 public:
  using Take = std::function<void(Stream, std::string_view)>;
  explicit LineSplitter(Take take, std::size_t longest = 1024 * 1024)
      : take_(std::move(take)), longest_(longest) {}

  void feed(Stream stream, std::string_view bytes);
  // Gives out what is left without a line's end.
  void finish();

 private:
  Take take_;
  const std::size_t longest_;
  std::string partial_[2];
};

// Takes the engine's "2026-11-21T10:20:30.123456789Z " off the start of a line; `text` keeps the rest.
// The time is 0 where there is none.
std::chrono::milliseconds takeTimestamp(std::string_view& text);

}  // namespace cairn::plugins::docker
