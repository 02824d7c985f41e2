#pragma once
// The cairn.toml that `cairn init` writes.

#include <string>

#include "cli/init/detect.h"

namespace cairn::cli {

// A name for projects and apps out of anything: small letters, digits and "-"; "app" when nothing is left.
std::string nameFrom(const std::string& text);

std::string projectText(const DetectedApp& app, const std::string& projectName, const std::string& appName);

}  // namespace cairn::cli
