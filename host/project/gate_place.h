#pragma once
// How cairn.toml writes where a gate stands.

#include "host/project/mapper_declaration.h"

#include <optional>
#include <string>

namespace cairn::host {

// "deploy", "deploy.nomad", "app.web", "app.web.deploy"; "push" means "registry". `why` says what is wrong
// where nothing is answered. Whether such an app or component exists is not looked at.
std::optional<GatePlace> parseGatePlace(const std::string& text, std::string& why);

}  // namespace cairn::host
