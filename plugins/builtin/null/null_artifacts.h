#pragma once
// Builder, registry and mappers: values that say a text and count how they came about.

#include "null_behaviour.h"

#include <cairn/types.capnp.h>

namespace cairn::plugins::null {

Result<Owned<Build>> build(const Call& call, wire::SourceTree::Reader source, Settings::Reader settings);
Result<Owned<Image>> push(const Call& call, Artifact::Reader artifact, Settings::Reader settings);

Owned<Artifact> artifactFromBuild(Build::Reader build);
Owned<Artifact> artifactFromFiles(wire::FilesDirectory::Reader files);
Owned<Artifact> artifactFromDockerImage(wire::DockerImage::Reader image);
Owned<Artifact> artifactFromOciImage(wire::OciImage::Reader image);
// For an app without a registry.
Result<Owned<Image>> imageFromArtifact(const Call& call, Artifact::Reader artifact,
                                       Settings::Reader settings);

}  // namespace cairn::plugins::null
