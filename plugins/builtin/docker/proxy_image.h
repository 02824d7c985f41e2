#pragma once
// The image that the releaser's proxy runs in: FROM scratch, with one static program.

#include "engine.h"

#include <cairn/call.h>

namespace cairn::plugins::docker {

// Builds it from the program in the plugin's bundle unless the engine has it; answers its id.
Result<std::string> ensureProxyImage(const Call& call, const Engine& engine);

}  // namespace cairn::plugins::docker
