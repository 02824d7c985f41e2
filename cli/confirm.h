#pragma once
// Asks before what can't be undone.

#include "cli/command.h"

namespace cairn::cli {

// Returns when the answer is yes, or --yes was given. Errors: not-confirmed (Refused) when it is no;
// confirmation-needed (Config) when nobody can be asked, as without a terminal or with --json.
Answer<void> confirm(const CommandContext& context, const std::string& question);

}  // namespace cairn::cli
