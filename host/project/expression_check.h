#pragma once
// Checks of ${…} that need no values: how they are written, and that the names in them exist. Also of
// variables' defaults.

#include "host/project/expression.h"
#include "host/project/project.h"

#include <functional>
#include <optional>
#include <string>

namespace cairn::host {

// Every string of every stage, label and hook. Adds bad-expression and unknown-variable errors.
void checkExpressions(const Project& project, Errors& errors);

// A fault in the string `node`, as an error at its place in the file. `source` may be null.
Error errorOf(const Fault& fault, const SettingsNode& node, const std::string& path,
              const std::string* source);

// Calls for every string in the node, at any depth, with its dotted path.
void forEachText(const SettingsNode& node, const std::string& path,
                 const std::function<void(const SettingsNode&, const std::string&)>& visit);

std::string variableNameProblem(std::string_view name);

// Whether a value fits its variable's type.
std::optional<Error> checkVariable(const VariableDeclaration& variable, const SettingsNode& value,
                                   const std::string& path);

}  // namespace cairn::host
