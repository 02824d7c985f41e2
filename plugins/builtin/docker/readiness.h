#pragma once
// Whether a started container does its work: the image's HEALTHCHECK, or a probe of the published address.

#include "containers.h"
#include "docker/docker.capnp.h"

namespace cairn::plugins::docker {

// Waits until the container is ready. `url` is its published address, empty where there is none; `listens`
// says that a port was set or is exposed by the image.
//
// Errors: Failed "docker/container-exited" with the exit code, "docker/probe-failed" with the last try's
// reason, Cancelled.
Result<void> waitUntilReady(const Call& call, const Engine& engine, const std::string& containerId,
                            const std::string& url, bool listens, bool hasHealthcheck,
                            wire::Probe::Reader probe);

// Empty when `url` + `path` answers with 200 to 399, else what it did instead.
std::string probeHttp(const std::string& url, const std::string& path, int cancelFd);

// Empty when somebody accepts at `url`'s host and port and stays: the engine's own proxy accepts for
// everybody, but hangs up at once when nobody listens behind it.
std::string probeTcp(const std::string& url, int cancelFd);

}  // namespace cairn::plugins::docker
