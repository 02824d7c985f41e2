#pragma once
// What may come next on a command line that is being typed.

#include <functional>
#include <string>
#include <vector>

#include "cli/command.h"

namespace cairn::cli {

// What a word names that is no part of the command line's own language.
enum class NamedThing {
  App,
  Workspace,
  Variable,
  Type,
  Plugin,
  ErrorCode,
  Build,
  Artifact,
  Deployment,
  Release,
  OlderDeployment,  // one that can serve again
};

// The names of all things of a kind, with the options that stand on the command line already.
using NamesOf = std::function<std::vector<std::string>(NamedThing, const ParsedOptions&)>;

// `words` are those after "cairn"; the last one is being typed and may be empty. `namesOf` is asked at most
// once. Empty where nothing is known, as for files.
std::vector<std::string> completionWords(const std::vector<std::string>& words, const NamesOf& namesOf);

}  // namespace cairn::cli
