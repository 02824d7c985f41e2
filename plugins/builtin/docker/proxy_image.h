#pragma once
// The image that the releaser's proxy runs in: FROM scratch, with one static program.

#include "engine.h"

#include <cairn/call.h>

namespace cairn::plugins::docker {

// The start of a digest over all that is in the image: another Cairn may ship another proxy.
//
// Error: Internal "docker/proxy-missing".
Result<std::string> proxyVersion(const Call& call);

// Builds it from the program in the plugin's bundle unless the engine has it; answers its id.
Result<std::string> ensureProxyImage(const Call& call, const Engine& engine, const std::string& version);

}  // namespace cairn::plugins::docker
