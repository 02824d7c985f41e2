#include "process_facts.h"

#include "descriptor.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>

#include <fstream>
#include <sstream>
#include <string>

namespace cairn::plugins::local {

std::optional<ProcessFacts> processFacts(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string stat{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto afterName = stat.rfind(')');  // the name may hold anything
  if (afterName == std::string::npos) return std::nullopt;
  std::istringstream fields(stat.substr(afterName + 1));
  char state = 'Z';
  ProcessFacts facts;
  fields >> state >> facts.parent;
  std::string skipped;
  for (int field = 5; field < 22; ++field) fields >> skipped;
  if (!(fields >> facts.startTime) || state == 'Z') return std::nullopt;
  return facts;
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
