#pragma once
// The functions that expressions may call. Pure, but for reading files.

#include <cairn/base/result.h>

#include "host/project/expression.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::host {

struct Scope;

using Arguments = std::vector<Datum>;

// Arguments are known and fit `parameters`. The error is a sentence without its place.
using FunctionBody = Result<Datum, std::string> (*)(const Arguments& arguments, const Scope& scope);

struct Function {
  std::string name;
  // One letter an argument: t text, n number, i whole number, l list, m map, a any. Optional ones come after
  // '?'; a '*' at the end lets the last repeat, also not at all.
  std::string_view parameters;
  std::string usage;            // "replace(text, from, to)"
  std::string doc;              // one sentence
  FunctionBody body = nullptr;  // null: the evaluator's own business (if, default, file, template)
};

// Sorted by name; for the reference page.
std::span<const Function> allFunctions();
const Function* findFunction(std::string_view name);
std::vector<std::string> functionNames();

std::optional<Fault> checkArgumentCount(const Function& function, const Expression& call);
// Whether known arguments have the wanted types. `call` gives the places.
std::optional<Fault> checkArgumentTypes(const Function& function, const Expression& call,
                                        const Arguments& arguments);

}  // namespace cairn::host
