#pragma once
// Other processes of this machine, told apart by pid and start time, since a pid alone is used again.

#include <cairn/base/process_stat.h>

#include <chrono>
#include <cstdint>
#include <optional>

namespace cairn::plugins::local {

// None when it is gone or a zombie.
std::optional<ProcessStat> processFacts(int pid);

// SIGTERM, after the grace SIGKILL, and waits until it is gone; at once when no such process runs. It need
// not be our child.
void endProcess(int pid, std::uint64_t startTime, std::chrono::milliseconds grace);

}  // namespace cairn::plugins::local
