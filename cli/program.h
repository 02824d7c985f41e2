#pragma once
// The program, but for main(): from what was typed to an exit code.

#include <string>
#include <vector>

namespace cairn::cli {

int runProgram(const std::vector<std::string>& arguments);

}  // namespace cairn::cli
