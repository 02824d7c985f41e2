#pragma once
// Finding what a command left behind.

#include <sys/types.h>

#include <vector>

namespace cairn::entrypoint {

// The living direct children of this process: with PR_SET_CHILD_SUBREAPER also those that their parents left.
std::vector<pid_t> ownChildren();

}  // namespace cairn::entrypoint
