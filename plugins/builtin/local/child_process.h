#pragma once
// A program of the bundle, run to its end with its standard streams on pipes or on a terminal.

#include "descriptor.h"

#include <cairn/base/result.h>

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace cairn::plugins::local {

class ChildProcess {
 public:
  // `argv[0]` is an absolute path. Errors: local/helper-failed.
  static Result<ChildProcess> start(const std::vector<std::string>& argv);
  // With `terminal` as its three streams, and as its TERM what a program is to take it for; input, output and
  // errors stay empty. Errors: the same.
  static Result<ChildProcess> startAt(const Descriptor& terminal, const std::vector<std::string>& argv,
                                      const std::string& term);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  // Kills it where it still runs.
  ~ChildProcess();

  // Closing `input` is its end of input.
  Descriptor input;
  Descriptor output;
  Descriptor errors;

  void terminate();  // SIGTERM
  // Waits for its end; the exit code, 128 + signal where a signal ended it.
  int wait();

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  static Result<ChildProcess> spawn(const std::vector<std::string>& argv, const int (&streams)[3],
                                    const std::string& term = {});
  pid_t pid_;
};

struct ProgramAnswer {
  int exitCode = 0;
  std::string output;
  std::string errors;
};

// Runs it with no input until it ends; when `cancelFd` becomes readable it is killed, and answers as killed.
Result<ProgramAnswer> runProgram(const std::vector<std::string>& argv, int cancelFd);

// Reads once from `fd` into `text`; false at its end.
bool readSome(int fd, std::string& text);

}  // namespace cairn::plugins::local
