#pragma once
// Works out expressions.

#include "host/project/expression.h"
#include "host/project/scope.h"

namespace cairn::host {

inline constexpr int kDeepestTemplate = 16;

// What one string may cost, the templates that it uses among it: bytes of all values that are made on the
// way, and files that are read.
inline constexpr std::size_t kMostBytesMade = 128u << 20;
inline constexpr int kMostFilesRead = 1000;

// What a string is worth: a Datum of any kind where it is one whole expression, else text; unknown or secret
// where a part is.
Result<Datum, Fault> evaluateText(std::string_view text, const Scope& scope);

Result<Datum, Fault> evaluateExpression(const Expression& expression, const Scope& scope);

}  // namespace cairn::host
