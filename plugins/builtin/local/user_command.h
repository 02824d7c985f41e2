#pragma once
// A program of the bundle that the user of a call talks to.

#include <cairn/base/result.h>
#include <cairn/call.h>

#include <string>
#include <vector>

namespace cairn::plugins::local {

// Runs it with the call's input and output until it ends: at a terminal of its own where the user has one,
// else on pipes. Its exit code. Errors: local/helper-failed, local/no-terminal, Cancelled.
Result<int> runForUser(const Call& call, const std::vector<std::string>& argv);

}  // namespace cairn::plugins::local
