#pragma once
// Where the Docker Engine listens.

#include <cairn/base/result.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace cairn::plugins::docker {

struct EngineAddress {
  std::string text;    // "unix:///var/run/docker.sock", "tcp://10.0.0.2:2375"
  std::string source;  // who said so: "setting host", "DOCKER_HOST", "docker context \"x\"", "default"
  std::string path;    // of a unix socket; empty for tcp
  std::string host;    // of tcp
  std::string port;
  std::string peer = "the Docker Engine";  // what is said to listen there

  // The machine whose loopback addresses published ports are on, as seen from here.
  std::string machine() const { return path.empty() ? host : "127.0.0.1"; }
};

// Errors: Config "docker/bad-host".
Result<EngineAddress> parseEngineAddress(std::string_view text, std::string source);

// The first of: `setting`, DOCKER_HOST, the context that DOCKER_CONTEXT or config.json names, the default
// socket (the user's own where a rootless engine has one).
//
// Errors: Config "docker/bad-host", also where DOCKER_TLS_VERIFY asks for what this client can't do.
Result<EngineAddress> findEngine(std::string_view setting);

}  // namespace cairn::plugins::docker
