#pragma once
// Running a program in a container that runs.

#include "engine.h"

#include <cairn/call.h>

namespace cairn::plugins::docker {

struct ExecAnswer {
  int exitCode = 0;
  std::string out;
  std::string err;
};

// Without input; answers when it has ended.
Result<ExecAnswer> runInContainer(const Engine& engine, const std::string& containerId,
                                  const std::vector<std::string>& command);

// The user's own: call.arguments() with the call's input, output and terminal. Answers the exit code.
Result<int> runForUser(const Call& call, const Engine& engine, const std::string& containerId);

}  // namespace cairn::plugins::docker
