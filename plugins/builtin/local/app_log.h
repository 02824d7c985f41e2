#pragma once
// Reads an app's log as its supervisor writes it, across the change to a new file.

#include "descriptor.h"

#include <cairn/call.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::plugins::local {

// "2026-11-21T10:00:00.123Z out text"; a line of another form is text without a time.
LogEntry parseLogLine(std::string_view line);

class LogReader {
 public:
  // Begins with the older file `path`.1, where there is one. `path` need not exist yet.
  explicit LogReader(std::filesystem::path path);

  // The next whole line; none when there is no more for now: more may come.
  std::optional<LogEntry> next();

 private:
  bool readMore();
  bool openNewFile();

  std::filesystem::path path_;
  Descriptor file_;
  Descriptor newer_;  // opened before the older file was, so that a change between the two loses nothing
  std::string buffer_;
  std::size_t at_ = 0;  // of the first byte in it that was not given yet
  bool ended_ = false;  // the file was renamed: what it holds now is all
};

// The last `tail` lines (0: all) not older than `since`, from `reader` as far as it goes now.
void giveLogSoFar(const Call& call, LogReader& reader, const LogRequest& request,
                  const std::string& instance);

}  // namespace cairn::plugins::local
