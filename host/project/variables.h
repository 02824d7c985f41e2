#pragma once
// The values of [variables]: where each comes from, checked against its type.
//
// The later wins: default, the names in `env`, CAIRN_VAR_<NAME>, --var-file, --var.

#include <cairn/base/result.h>

#include "host/project/datum.h"
#include "host/project/project.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::host {

// The value of an environment variable, or nothing.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

Environment processEnvironment();

// CAIRN_VAR_<NAME>.
std::string environmentName(const std::string& variable);

struct VariableInputs {
  Environment environment = processEnvironment();
  std::vector<std::filesystem::path>
      files;  // of --var-file: one key a variable; TOML, or JSON where the name ends in .json
  std::vector<std::string> assignments;  // of --var: "name=value"
};

struct VariableValue {
  Datum value;  // secret where the variable is
  bool secret = false;
  std::string source;  // "default", "--var", "CAIRN_VAR_API", "env HOME", a file's name
};

using Variables = std::map<std::string, VariableValue>;

// Errors: missing-variable, unknown-variable, wrong-type, unreadable-file, toml-syntax, json-syntax; all
// there are.
Result<Variables, Errors> readVariables(const Project& project, const VariableInputs& inputs);

// Those that have a value here and now; whatever is wrong is left out, without a word.
Variables readKnownVariables(const Project& project, const VariableInputs& inputs);

}  // namespace cairn::host
