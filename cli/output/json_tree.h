#pragma once
// A JSON value as people read it: one line a field, nested by indentation.

#include <string>

#include "cli/output/line.h"

namespace cairn::cli {

// Fields that hold nothing ("", [], {}, null) are left out. Text that is no JSON comes as it is.
Lines jsonTreeLines(const std::string& json);

}  // namespace cairn::cli
