#pragma once
// Graphviz, which lays out pictures; it is asked through its program `dot`.

#include <cairn/base/result.h>

#include <string>

namespace cairn::cli {

// The picture of `source` as SVG. Errors: graphviz-missing; graphviz-failed, with what it said.
Result<std::string> drawSvg(const std::string& source);

}  // namespace cairn::cli
