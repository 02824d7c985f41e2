#pragma once
// Runs a command of the user's own, such as a hook or a mapper, and waits for it.

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
  std::string input;  // what it can read from its stdin
  // Not 0: its stdout is kept whole in CommandEnd instead of told, up to so many bytes; when it prints more,
  // it is killed.
  std::size_t keepOutput = 0;
  SafeCut cut;  // of lines that are too long to be told whole
};

struct CommandEnd {
  int exitCode = 0;  // 128 + the signal, if one ended it
  std::string text;  // "exited with status 3"
  std::string tail;  // its last lines; without stdout's, where that is kept
  std::string output;
  bool printedTooMuch = false;
};

// The program that `name` stands for: looked up in PATH, whose relative folders are those of `folder`, or a
// path relative to it.
//
// Errors: command-not-found; command-failed-to-start, where it may not be run.
Result<std::filesystem::path> findProgram(const std::string& name, const std::filesystem::path& folder);

// Runs in a process group of its own; each line it prints is given to `take`. When it takes too long, when
// `stop` resolves or this process dies, all that came of it is killed; when the command itself has ended,
// what is left of its group. Dropping the promise kills it too, and the loop waits for that, seconds at
// worst.
//
// Errors: command-not-found, command-failed-to-start, command-timeout, cancelled by `stop`.
kj::Promise<Result<CommandEnd>> runCommand(Command command, kj::AsyncIoContext& io,
                                           kj::Function<void(bool isStderr, std::string)> take,
                                           kj::Promise<void> stop = kj::NEVER_DONE);

}  // namespace cairn::host
