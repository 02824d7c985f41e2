#pragma once
// Images in the engine: what it has, and how they come and go between it and a registry.

#include "engine.h"
#include "image_reference.h"
#include "registry_auth.h"

#include <cairn/call.h>

#include <optional>

namespace cairn::plugins::docker {

struct LocalImage {
  std::string id;  // "sha256:…" of the config
  std::string platform;
  std::vector<std::string> exposedPorts;  // "80/tcp"
  std::vector<std::string> repoDigests;   // "registry/name@sha256:…"
  bool hasHealthcheck = false;
};

// None where the engine has no such image.
Result<std::optional<LocalImage>> findImage(const Engine& engine, const std::string& nameOrId);

// Errors: Failed "docker/pull-failed".
Result<void> pullImage(const Call& call, const Engine& engine, const ImageReference& image,
                       const RegistryAuth& auth, const std::string& platform = {});

// Gives the image `id` a second name.
Result<void> tagImage(const Engine& engine, const std::string& id, const ImageReference& name);

// On every image that the builder makes: `docker image prune --all --filter label=cairn.role=build` finds
// them.
inline constexpr const char* kRoleLabel = "cairn.role";
inline constexpr const char* kBuildRole = "build";

// Removes an image that the builder made and a newer build has taken the name from, unless a container uses
// it.
Result<void> removeReplacedImage(const Engine& engine, const std::string& id);

// Answers the digest of the manifest in the registry. Errors: Failed "docker/push-failed".
Result<std::string> pushImage(const Call& call, const Engine& engine, const ImageReference& image,
                              const RegistryAuth& auth);

}  // namespace cairn::plugins::docker
