#pragma once
// Small questions about settings as they were written.

#include <cairn/plan.capnp.h>

#include "host/project/settings_node.h"

#include <string>
#include <string_view>

namespace cairn::host {

std::string textOf(capnp::Text::Reader text);

// What it is, for messages: "a string", "a whole number", "a table".
std::string_view kindOf(wire::Setting::Reader setting);

// Whether the setting or any part of it is an expression, or secret.
bool holdsExpressions(wire::Setting::Reader setting);
bool holdsSecrets(wire::Setting::Reader setting);

// The first part in it that is secret, with its path; itself where none is.
std::pair<wire::Setting::Reader, std::string> secretPart(wire::Setting::Reader setting, std::string path);

// The place of the key `name` whose value stands where `value` says; null where `node` has none. Valid as
// long as `node`.
const SourcePosition* findKey(const SettingsNode& node, const std::string& name, wire::Setting::Reader value);

}  // namespace cairn::host
