#pragma once
// Starts a command of the user's through `cairn-contain`, so that nothing of it outlives this process.

#include <cairn/base/result.h>
#include <host/broker/spawn.h>

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::host {

struct ContainedLaunch {
  std::string program;  // a path
  std::vector<std::string> arguments;
  std::filesystem::path folder;
  ProcessEnvironment environment;
  int input = -1;
  int output = -1;
  int errors = -1;
};

// The id of the containing process: it ends as the command does, and at SIGTERM, or when this process dies,
// kills all that came of the command. To be waited for by the caller, which must be a thread that lives as
// long as the host.
//
// Errors: command-failed-to-start.
Result<int> startContained(const ContainedLaunch& launch);

}  // namespace cairn::host
