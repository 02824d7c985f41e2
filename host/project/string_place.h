#pragma once
// Where in the file the n-th byte of a string's value stands, escapes and line ends considered.

#include <cairn/base/error.h>

#include <string>

namespace cairn::host {

// `begin` is where the string's opening quote stands in `source`. Answers `begin` where no quote stands
// there.
SourcePosition placeInString(const std::string& source, const SourcePosition& begin, std::size_t offset);

}  // namespace cairn::host
