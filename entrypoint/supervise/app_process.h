#pragma once
// Starting a command in a process group of its own.

#include <cairn/base/result.h>

#include <sys/types.h>

#include <string>
#include <vector>

namespace cairn::entrypoint {

struct Launch {
  std::vector<std::string> command;
  std::vector<std::string> environment;  // KEY=VALUE; its PATH finds the command
  std::string folder;                    // where it runs; empty: where we are
  int input = -1;                        // its stdin, stdout and stderr; -1: /dev/null
  int output = -1;
  int errors = -1;
};

// Starts it as the leader of a new process group, killed with this process, with no other descriptor of ours.
// Where its stdin is a terminal that no session has, it leads a session with that as the controlling
// terminal: the keys that interrupt and suspend reach it, and a shell has job control.
// A command that can't be run says so on its stderr and exits with 127 (not found) or 126.
// Errors: Failed/process-not-started when the system has no process to give.
Result<pid_t> launch(const Launch& what);

// What a shell says of a wait status: the exit code, or 128 + signal.
int shellCode(int waitStatus);

}  // namespace cairn::entrypoint
