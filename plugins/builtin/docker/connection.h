#pragma once
// From a call and its settings to the engine, and between Cap'n Proto's text and std's.

#include "docker/docker.capnp.h"
#include "engine.h"

#include <cairn/call.h>

#include <capnp/blob.h>

namespace cairn::plugins::docker {

inline std::string toString(capnp::Text::Reader text) {
  return std::string(text.begin(), text.size());
}

// The engine named by `setting`, else by `recorded` (what an earlier stage wrote down), else the user's own.
// Ends its waits when `call` is cancelled.
Result<Engine> connectEngine(const Call& call, capnp::Text::Reader setting,
                             capnp::Text::Reader recorded = {});

// "web v3", as people know it.
inline std::string shownName(wire::Deployment::Reader deployment) {
  return toString(deployment.getApp()) + " v" + std::to_string(deployment.getSequence());
}

// `path` made absolute against `folder`; `folder` itself when it is empty.
std::filesystem::path pathIn(const std::filesystem::path& folder, capnp::Text::Reader path);

}  // namespace cairn::plugins::docker
