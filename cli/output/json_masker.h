#pragma once
// Keeps secrets out of JSON without breaking it.

#include <string>
#include <string_view>

#include "cli/output/masker.h"

namespace cairn::cli {

// `json`, one value or several, with every secret in its string values replaced, however it is escaped there.
// Names of fields, numbers and words stay: a secret "false" must not make the text invalid, nor "project"
// hide a field.
std::string maskJson(std::string_view json, const Masker& masker);

}  // namespace cairn::cli
