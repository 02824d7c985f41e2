#pragma once
// What `--help` prints.

#include "cli/command.h"

namespace cairn::cli {

// All commands of the program, or of one group of them ("plugin"), by what they are for.
Lines programHelp(const std::string& prefix = "");
Lines commandHelp(const Command& command);
// {"commands": [{"path", "summary"}]}
std::string commandsJson(const std::string& prefix);

}  // namespace cairn::cli
