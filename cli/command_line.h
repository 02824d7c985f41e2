#pragma once
// What was typed, made into a command and its options.

#include <string>
#include <vector>

#include "cli/command.h"

namespace cairn::cli {

struct CommandLine {
  const Command* command = nullptr;  // null: none was named
  std::string prefix;                // of a group of commands: "plugin"
  ParsedOptions options;
  bool help = false;
};

// Errors (kind Config): unknown-command, unknown-flag, bad-flag-value, missing-argument, extra-argument.
Result<CommandLine> parseCommandLine(const std::vector<std::string>& arguments);

// The command line as it may be recorded: values of --var are left out.
std::string recordedCommandLine(const std::vector<std::string>& arguments);

}  // namespace cairn::cli
