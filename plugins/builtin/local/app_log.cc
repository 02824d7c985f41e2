#include "app_log.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdio>
#include <ctime>
#include <deque>

namespace cairn::plugins::local {
namespace {

constexpr std::size_t kTimeLength = sizeof("2026-11-21T10:00:00.123Z") - 1;
constexpr std::size_t kTextStart = kTimeLength + sizeof(" out ") - 1;

std::optional<std::chrono::milliseconds> parseTime(const std::string& text) {
  std::tm parts = {};
  int milliseconds = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                  &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &milliseconds) != 7)
    return std::nullopt;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return std::chrono::seconds(::timegm(&parts)) + std::chrono::milliseconds(milliseconds);
}

Descriptor openFile(const std::filesystem::path& path) {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

bool isSameFile(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

}  // namespace

LogEntry parseLogLine(std::string_view line) {
  LogEntry entry;
  const std::string_view stream =
      line.size() >= kTextStart ? line.substr(kTimeLength, 5) : std::string_view();
  const auto time = stream == " out " || stream == " err "
                        ? parseTime(std::string(line.substr(0, kTimeLength)))
                        : std::nullopt;
  if (time) {
    entry.time = *time;
    entry.stream = stream == " err " ? Stream::Stderr : Stream::Stdout;
    line.remove_prefix(kTextStart);
  }
  entry.text = line;
  return entry;
}

LogReader::LogReader(std::filesystem::path path) : path_(std::move(path)) {
  newer_ = openFile(path_);
  file_ = openFile(path_.string() + ".1");
  struct stat older = {}, newer = {};
  const bool changed = file_ && newer_ && ::fstat(file_.get(), &older) == 0 &&
                       ::fstat(newer_.get(), &newer) == 0 && isSameFile(older, newer);
  if (!file_ || changed) file_ = std::move(newer_);
  ended_ = static_cast<bool>(newer_);
}

std::optional<LogEntry> LogReader::next() {
  for (;;) {
    const std::size_t end = buffer_.find('\n', at_);
    if (end != std::string::npos) {
      LogEntry entry = parseLogLine(std::string_view(buffer_).substr(at_, end - at_));
      at_ = end + 1;
      return entry;
    }
    buffer_.erase(0, at_);
    at_ = 0;
    if (!readMore() && !openNewFile()) return std::nullopt;
  }
}

bool LogReader::readMore() {
  char piece[64 * 1024];
  const ssize_t n = file_ ? ::read(file_.get(), piece, sizeof piece) : 0;
  if (n > 0) buffer_.append(piece, static_cast<std::size_t>(n));
  return n > 0;
}

bool LogReader::openNewFile() {
  if (ended_) {
    file_ = newer_ ? std::move(newer_) : openFile(path_);
    newer_.close();
    ended_ = false;
    return static_cast<bool>(file_);
  }
  struct stat ours = {}, named = {};
  if (::stat(path_.c_str(), &named) != 0) return false;
  if (file_ && (::fstat(file_.get(), &ours) != 0 || isSameFile(ours, named))) return false;
  // Between the last read and the renaming more may have been written to it: once more, then the new one.
  ended_ = true;
  return true;
}

void giveLogSoFar(const Call& call, LogReader& reader, const LogRequest& request,
                  const std::string& instance) {
  std::deque<LogEntry> last;
  while (auto entry = reader.next()) {
    if (call.cancelled()) return;
    if (entry->time < request.since) continue;
    entry->instance = instance;
    if (request.tail == 0) {
      call.logLine(*entry);
      continue;
    }
    last.push_back(std::move(*entry));
    if (last.size() > request.tail) last.pop_front();
  }
  for (const LogEntry& entry : last) call.logLine(entry);
}

}  // namespace cairn::plugins::local
