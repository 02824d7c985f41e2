#include "process_facts.h"

#include "descriptor.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>

namespace cairn::plugins::local {

std::optional<ProcessStat> processFacts(int pid) {
  const auto stat = processStat(pid);
  return stat && !stat->hasEnded() ? stat : std::nullopt;
}

void endProcess(int pid, std::uint64_t startTime, std::chrono::milliseconds grace) {
  // Opened before the check, so that what it names can't become another process in between.
  const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  const auto facts = processFacts(pid);
  if (!process || !facts || facts->startTime != startTime) return;
  const auto send = [&](int signal) { ::syscall(SYS_pidfd_send_signal, process.get(), signal, nullptr, 0); };
  pollfd gone{process.get(), POLLIN, 0};
  send(SIGTERM);
  if (::poll(&gone, 1, static_cast<int>(grace.count())) > 0) return;
  send(SIGKILL);
  ::poll(&gone, 1, -1);
}

}  // namespace cairn::plugins::local
