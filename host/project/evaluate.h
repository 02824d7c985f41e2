#pragma once
// Works out expressions.

#include "host/project/expression.h"
#include "host/project/scope.h"

namespace cairn::host {

inline constexpr int kDeepestTemplate = 16;

// What a string is worth: a Datum of any kind where it is one whole expression, else text; unknown or secret
// where a part is.
Result<Datum, Fault> evaluateText(std::string_view text, const Scope& scope, int depth = 0);

Result<Datum, Fault> evaluateExpression(const Expression& expression, const Scope& scope);

}  // namespace cairn::host
