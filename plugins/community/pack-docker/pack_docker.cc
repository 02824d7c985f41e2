#include "pack_docker.h"

#include "engine.h"

#include <cstdlib>

namespace cairn::plugins::pack_docker {

Result<Owned<wire::DockerImage>> loadImage(const Call& call, pack::Image::Reader image) {
  auto host = std::getenv("DOCKER_HOST");
  std::string address = host == nullptr ? "" : host;
  std::string reference = image.getReference().cStr();
  auto engine = CAIRN_TRY(Engine::at(address));
  auto step = call.step("Loading " + reference + " into Docker");
  auto loaded = engine.load(call, image.getPath().cStr());
  auto id = loaded ? engine.idOf(call, reference) : Result<std::string>(std::move(loaded).error());
  if (!id) {
    step.fail();
    return std::move(id).error();
  }
  Owned<wire::DockerImage> made;
  made->setReference(reference);
  made->setId(*id);
  made->setHost(address);
  return made;
}

Plugin plugin() {
  Plugin plugin("pack-docker");
  plugin.version("0.1.0").description("brings packed images into the local Docker engine");
  plugin.environment("DOCKER_HOST");
  plugin.mapper(loadImage).idempotent().doc("Loads a packed image into the local Docker engine.");
  return plugin;
}

}  // namespace cairn::plugins::pack_docker
