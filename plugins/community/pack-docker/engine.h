#pragma once
// The little of the Docker Engine API that loading an image needs, over its Unix socket.

#include <cairn/plugin.h>

#include <filesystem>
#include <string>

namespace cairn::plugins::pack_docker {

class Engine {
 public:
  // `address` as in DOCKER_HOST; empty is /var/run/docker.sock. Errors: pack-docker/no-unix-socket.
  static Result<Engine> at(const std::string& address);

  // Errors of both: pack-docker/no-engine, pack-docker/engine-refused; kind Cancelled once the call is.
  Result<void> load(const Call& call, const std::filesystem::path& archive) const;
  // The image's id, "sha256:<hex>".
  Result<std::string> idOf(const Call& call, const std::string& reference) const;

 private:
  explicit Engine(std::string socket) : socket_(std::move(socket)) {}
  std::string socket_;
};

}  // namespace cairn::plugins::pack_docker
