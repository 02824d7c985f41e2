#pragma once
// Starts a plugin's process: a socket on descriptor 3, pipes for its output, a process group of its own,
// nothing else of ours.

#include <cairn/base/result.h>

#include <kj/io.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cairn::host {

using ProcessEnvironment = std::vector<std::pair<std::string, std::string>>;

struct SpawnedPlugin {
  int pid = 0;
  kj::AutoCloseFd socket;  // our end of the socketpair
  kj::AutoCloseFd out;     // what it prints
  kj::AutoCloseFd err;
  kj::AutoCloseFd pidfd;
};

// Call it from a thread that lives as long as the host: the child is killed when its *starting thread* ends.
//
// Errors: plugin-not-found, plugin-not-executable, plugin-wrong-architecture, plugin-start-failed, each
// saying why exec refused.
Result<SpawnedPlugin> spawnPlugin(const std::filesystem::path& executable,
                                  const ProcessEnvironment& environment);

// What of our environment every plugin sees: where to find programs, home, locale, time zone, proxies, and
// the names that `wanted` adds ("AWS_*" stands for all that begin so).
ProcessEnvironment pluginEnvironment(const std::vector<std::string>& wanted);

// "exited with status 3", "was killed by signal 11 (Segmentation fault)". `siStatus` and `siCode` are
// waitid's.
std::string describeExit(int siCode, int siStatus);

}  // namespace cairn::host
