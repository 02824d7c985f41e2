#pragma once
// Builds an image from a folder: one layer with its files in /app, and a configuration.

#include <pack/pack.capnp.h>

#include <cairn/plugin.h>
#include <cairn/types.capnp.h>

namespace cairn::plugins::pack {

// Errors: pack/no-folder, pack/tar-failed.
Result<Owned<Image>> build(const Call& call, wire::SourceTree::Reader source, Settings::Reader settings);

Plugin plugin();

}  // namespace cairn::plugins::pack
