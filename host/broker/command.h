#pragma once
// Runs a command of the user's own, such as a hook, and waits for it.

#include <cairn/base/result.h>
#include <host/broker/process_output.h>
#include <host/broker/spawn.h>

#include <kj/async-io.h>

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::host {

struct Command {
  std::vector<std::string> argv;  // the first is looked up in PATH, or is a path relative to `folder`
  std::filesystem::path folder;
  ProcessEnvironment environment;  // all that it gets
  kj::Duration timeout = 10 * 60 * kj::SECONDS;
};

struct CommandEnd {
  int exitCode = 0;  // 128 + the signal, if one ended it
  std::string text;  // "exited with status 3"
  std::string tail;  // its last lines
};

// Runs in a process group of its own, with an empty stdin; each line it prints is given to `take`. When it
// takes too long, or the promise is dropped, its group is killed.
//
// Errors: command-not-found, command-failed-to-start, command-timeout.
kj::Promise<Result<CommandEnd>> runCommand(Command command, kj::AsyncIoContext& io,
                                           kj::Function<void(bool isStderr, std::string)> take);

}  // namespace cairn::host
