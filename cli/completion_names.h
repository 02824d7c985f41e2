#pragma once
// The names that completion offers, as the project, its records and the plugins have them.

#include "cli/completion_words.h"

namespace cairn::cli {

// Never fails and tells nobody anything: what can't be known has no names. `context` is that of the command
// that asks, of which only what lies around it is used.
std::vector<std::string> namesFor(CommandContext& context, NamedThing thing, const ParsedOptions& typed);

}  // namespace cairn::cli
