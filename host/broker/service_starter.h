#pragma once
// Processes that outlive the run: started detached, found again and stopped by (pid, start time), never by
// pid alone.

#include <cairn/base/result.h>
#include <host/broker/spawn.h>

#include <kj/async-unix.h>
#include <kj/timer.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::host {

struct ServiceIdentity {
  int pid = 0;
  std::uint64_t startTime = 0;  // field 22 of /proc/<pid>/stat
  std::string bootId;           // a pid means nothing after a boot

  // As it stands in the journal: "pid start boot".
  std::string text() const;
  static std::optional<ServiceIdentity> parse(const std::string& text);
};

struct ServiceLaunch {
  std::string marker;  // set as CAIRN_SERVICE in its environment: finds it again when the reply was lost
  std::vector<std::string> argv;
  ProcessEnvironment environment;
  std::string input;  // what it reads from descriptor 3
  std::filesystem::path output;
};

// Starts it in a session of its own with an empty stdin. Errors: service-start-failed with the cause.
Result<ServiceIdentity> startService(const ServiceLaunch& launch);

// False for a zombie, a reused pid, another boot.
bool isRunning(const ServiceIdentity& identity);

// Looks through /proc for a process that was started with this marker.
std::optional<ServiceIdentity> findService(const std::string& marker);

// SIGTERM to its process group, SIGKILL after the grace; resolves when it is gone, at once when it wasn't
// there.
kj::Promise<bool> stopService(ServiceIdentity identity, kj::Duration grace, kj::Timer& timer,
                              kj::UnixEventPort& port);

}  // namespace cairn::host
