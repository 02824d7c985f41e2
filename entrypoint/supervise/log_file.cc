#include "entrypoint/supervise/log_file.h"

#include "entrypoint/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace cairn::entrypoint {
namespace {

Descriptor openLog(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
}

}  // namespace

std::string timeText() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto sinceEpoch = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
  std::tm parts = {};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                static_cast<int>(sinceEpoch.count() % 1000));
  return text;
}

Result<LogFile> LogFile::open(std::string path, size_t limit) {
  makeFolderOf(path);
  LogFile out;
  out.file_ = openLog(path);
  if (!out.file_)
    return Error{.kind = ErrorKind::Failed,
                 .code = "log-not-opened",
                 .message = "can't write the log " + path + ": " + std::strerror(errno),
                 .hint = "its folder must be writable"};
  struct stat found = {};
  ::fstat(out.file_.get(), &found);
  out.size_ = static_cast<size_t>(found.st_size);
  out.path_ = std::move(path);
  out.limit_ = limit;
  return out;
}

void LogFile::writeLine(std::string_view stream, std::string_view text) {
  std::string line = timeText();
  line.append(" ").append(stream).append(" ").append(text).append("\n");
  writeReady(line);
}

void LogFile::writeReady(std::string_view lines) {
  if (size_ > 0 && size_ + lines.size() > limit_) rotate();
  const ssize_t written = ::write(file_.get(), lines.data(), lines.size());
  if (written > 0) size_ += static_cast<size_t>(written);
}

// Where no new one can be opened the old one is written on, under its new name, and the next line tries
// again.
void LogFile::rotate() {
  ::rename(path_.c_str(), (path_ + ".1").c_str());
  Descriptor next = openLog(path_);
  if (!next) return;
  file_ = std::move(next);
  size_ = 0;
}

void LineCutter::take(std::string_view bytes) {
  const std::string start = timeText() + " " + stream_ + " ";
  std::string ready;
  for (;;) {
    const size_t end = bytes.find('\n');
    const size_t length = end == std::string_view::npos ? bytes.size() : end;
    const size_t room = kMaxLine - partial_.size();
    const bool cut = length > room;
    partial_.append(bytes.substr(0, cut ? room : length));
    if (!cut && end == std::string_view::npos) break;
    if (!cut && partial_.ends_with('\r')) partial_.pop_back();
    ready.append(start).append(partial_).append("\n");
    partial_.clear();
    bytes.remove_prefix(cut ? room : length + 1);
  }
  if (!ready.empty()) log_.writeReady(ready);
}

void LineCutter::finish() {
  if (!partial_.empty()) take("\n");
}

}  // namespace cairn::entrypoint
