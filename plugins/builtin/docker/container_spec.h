#pragma once
// What the engine is told to make of a deployment: pure, from settings, image and the host's facts.

#include "docker/docker.capnp.h"
#include "images.h"

#include <cairn/types.capnp.h>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>

namespace cairn::plugins::docker {

// Where a port is published on the engine's machine.
struct PublishAddress {
  std::string ip;
  std::uint16_t port = 0;  // 0: a free one
};

// "127.0.0.1:0", "[::1]:8080", ":8080" (all addresses), "8080" (on 127.0.0.1); none for "none".
//
// Errors: Config "docker/bad-setting".
Result<std::optional<PublishAddress>> parsePublish(std::string_view text);

// "name:/path[:ro|:rw]" or "/host/path:/path[:ro|:rw]". Errors: Config "docker/bad-setting".
Result<void> checkVolume(std::string_view text);

// "<app>-v<sequence>-<shortId>", of characters an engine takes, at most 63 long.
std::string containerName(cairn::wire::DeploymentConfig::Reader config);

// The network that all of a project's apps in a workspace share.
std::string networkName(std::string_view project, std::string_view workspace);

// What the app listens on: the setting, else the only tcp port the image exposes, else 8080.
std::uint16_t servicePort(std::uint16_t setting, const LocalImage& image);

struct ContainerRequest {
  cairn::wire::DeploymentConfig::Reader config;
  cairn::wire::Labels::Reader labels;
  wire::PlatformSettings::Reader settings;
  std::string imageId;
  std::string network;
  std::uint16_t port = 0;
  std::optional<PublishAddress> publish;
};

// The engine's word for it.
const char* restartPolicy(wire::PlatformSettings::Restart restart);

// The body of /containers/create. Without a restart policy, which comes once it is ready: an app that ends
// before that has failed.
nlohmann::json containerSpec(const ContainerRequest& request);

}  // namespace cairn::plugins::docker
