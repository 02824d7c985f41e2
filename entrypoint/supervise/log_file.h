#pragma once
// The app's log: each line it writes, with the time and the stream, in a file that is never larger than a
// limit.
//
//   2026-11-21T10:00:00.123Z out listening on 8080
//   2026-11-21T10:00:01.004Z err can't read the config
//
// Past the limit the file becomes FILE.1, replacing the one before, and a new one is begun. A disk that is
// full loses lines, never stops the app.

#include "entrypoint/descriptor.h"

#include <cairn/base/result.h>

#include <string>
#include <string_view>

namespace cairn::entrypoint {

// The time now in UTC, as "2026-11-21T10:00:00.123Z".
std::string timeText();

class LogFile {
 public:
  static constexpr size_t kDefaultLimit = 10 * 1024 * 1024;

  // Appends to `path` (mode 0600). Errors: Failed/log-not-opened.
  static Result<LogFile> open(std::string path, size_t limit = kDefaultLimit);

  // Writes `text` as one line of `stream` ("out" or "err").
  void writeLine(std::string_view stream, std::string_view text);
  // Writes lines that are ready, each with its end.
  void writeReady(std::string_view lines);

 private:
  void rotate();

  std::string path_;
  size_t limit_ = 0;
  size_t size_ = 0;
  Descriptor file_;
};

// Cuts what a stream brings into lines. A line longer than 16 KiB is cut into several.
class LineCutter {
 public:
  static constexpr size_t kMaxLine = 16 * 1024;

  LineCutter(LogFile& log, std::string stream) : log_(log), stream_(std::move(stream)) {}

  void take(std::string_view bytes);
  // Writes a last line that has no end.
  void finish();

 private:
  LogFile& log_;
  std::string stream_;
  std::string partial_;
};

}  // namespace cairn::entrypoint
