#pragma once
// The mapper from a packed image to one in the local Docker engine.

#include <pack/pack.capnp.h>

#include <cairn/plugin.h>
#include <cairn/types.capnp.h>

namespace cairn::plugins::pack_docker {

// Loads the image; doing it twice is as good as once.
Result<Owned<wire::DockerImage>> loadImage(const Call& call, pack::Image::Reader image);

Plugin plugin();

}  // namespace cairn::plugins::pack_docker
