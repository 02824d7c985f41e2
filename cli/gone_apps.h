#pragma once
// Apps that the file no longer names, as people and as programs read it.

#include <string>
#include <vector>

#include "cli/engine.h"
#include "cli/output/line.h"

namespace cairn::cli {

// "api: not in cairn.toml any more; v3 still serves ('cairn destroy --app api' removes it)", a line each.
Lines goneLines(const std::vector<GoneApp>& apps);
// A list, or nothing where there are none.
std::string goneJson(const std::vector<GoneApp>& apps);

}  // namespace cairn::cli
