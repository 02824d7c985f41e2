#pragma once
// TOML text as a tree of settings with positions. The only place that knows the TOML library.

#include <cairn/base/result.h>

#include "host/project/settings_node.h"

#include <string>
#include <string_view>

namespace cairn::host {

// Tables come in the text's order; dates become strings. `file` is what positions name.
//
// Errors: toml-syntax, at the first mistake; duplicate-app where that is an [app.…] written twice.
Result<SettingsNode> readToml(std::string_view text, const std::string& file);

// Of a text with a syntax error: what stands above it, as far down as that is valid by itself. An empty table
// where nothing is.
SettingsNode readTomlAbove(std::string_view text, const std::string& file, int line);

}  // namespace cairn::host
