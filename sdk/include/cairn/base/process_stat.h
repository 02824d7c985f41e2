#pragma once
// What the kernel tells of a process of this machine.

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

namespace cairn {

struct ProcessStat {
  char state = '?';  // as proc(5) has it: R, S, D, Z, …
  pid_t parent = 0;
  pid_t session = 0;
  std::uint64_t startTime = 0;  // ticks since the boot: with the pid it names a process for good

  // It has ended: a zombie, or about to go.
  bool hasEnded() const { return state == 'Z' || state == 'X'; }
};

// Reads the text of /proc/PID/stat. None where it is not whole.
inline std::optional<ProcessStat> parseProcessStat(const std::string& text) {
  // The name in parentheses may hold anything, so that what counts comes after the last one.
  const auto afterName = text.rfind(')');
  if (afterName == std::string::npos) return std::nullopt;
  ProcessStat out;
  int parent = 0, session = 0;
  unsigned long long startTime = 0;
  const int found =
      std::sscanf(text.c_str() + afterName + 1,
                  " %c %d %*s %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
                  &out.state, &parent, &session, &startTime);
  if (found != 4) return std::nullopt;
  out.parent = parent;
  out.session = session;
  out.startTime = startTime;
  return out;
}

// None where there is no such process. A zombie is one.
inline std::optional<ProcessStat> processStat(pid_t pid) {
  const int file = ::open(("/proc/" + std::to_string(pid) + "/stat").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  char text[4096];
  const ssize_t size = ::read(file, text, sizeof text);
  ::close(file);
  return size > 0 ? parseProcessStat(std::string(text, static_cast<std::size_t>(size))) : std::nullopt;
}

}  // namespace cairn
