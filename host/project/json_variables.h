#pragma once
// A file of --var-file that is JSON.

#include <cairn/base/result.h>

#include "host/project/settings_node.h"

#include <string>
#include <string_view>

namespace cairn::host {

// One object, a key for each variable, as a tree of settings. `file` is what positions name; only the mistake
// of a text that can't be read has one.
//
// Errors: json-syntax, with its place; wrong-type where it is no object, or for a null, which no variable is.
Result<SettingsNode> readJsonVariables(std::string_view text, const std::string& file);

}  // namespace cairn::host
