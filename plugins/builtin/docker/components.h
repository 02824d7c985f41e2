#pragma once
// What the plugin offers; main.cc names them. Each function's errors are explained in
// docs/errors/docker-*.md.

#include "docker/docker.capnp.h"

#include <cairn/plugin.h>
#include <cairn/types.capnp.h>

namespace cairn::plugins::docker {

// --- builder "docker" (docker_builder.cc)
// ---------------------------------------------------------------------------
Result<Owned<cairn::wire::DockerImage>> build(const Call& call, cairn::wire::SourceTree::Reader source,
                                              cairn::wire::Labels::Reader labels,
                                              wire::BuildSettings::Reader settings);
Result<void> checkBuilder(const Call& call, wire::BuildSettings::Reader settings,
                          const UnknownSettings& unknown);

// --- builder "docker-pull" (pull_builder.cc)
// ------------------------------------------------------------------------
Result<Owned<cairn::wire::DockerImage>> pull(const Call& call, wire::PullSettings::Reader settings);
Result<void> checkPull(const Call& call, wire::PullSettings::Reader settings, const UnknownSettings& unknown);

// Makes an image from a registry runnable here: pulls it by its digest unless the engine has it.
Result<Owned<cairn::wire::DockerImage>> imageFromRegistry(const Call& call,
                                                          cairn::wire::OciImage::Reader image);

// --- registry "docker" (docker_registry.cc)
// -------------------------------------------------------------------------
Result<Owned<cairn::wire::OciImage>> push(const Call& call, cairn::wire::DockerImage::Reader image,
                                          cairn::wire::SourceTree::Reader source,
                                          wire::RegistrySettings::Reader settings);
Result<void> checkRegistry(const Call& call, wire::RegistrySettings::Reader settings,
                           const UnknownSettings& unknown);

// --- platform "docker" (deploy.cc, lifecycle.cc, container_io.cc)
// ---------------------------------------------------
Result<Owned<wire::Deployment>> deploy(const Call& call, cairn::wire::DockerImage::Reader image,
                                       cairn::wire::DeploymentConfig::Reader config,
                                       cairn::wire::Labels::Reader labels,
                                       wire::PlatformSettings::Reader settings);
Result<void> destroyDeployment(const Call& call, wire::Deployment::Reader deployment,
                               wire::PlatformSettings::Reader settings);
Result<Owned<cairn::wire::Status>> deploymentStatus(const Call& call, wire::Deployment::Reader deployment,
                                                    wire::PlatformSettings::Reader settings);
Result<void> logs(const Call& call, wire::Deployment::Reader deployment);
Result<int> exec(const Call& call, wire::Deployment::Reader deployment);
std::vector<Error> checkPlatform(const Call& call, wire::PlatformSettings::Reader settings,
                                 const UnknownSettings& unknown);

// --- releaser "docker" (releaser.cc)
// --------------------------------------------------------------------------------
Result<Owned<wire::Release>> release(const Call& call, wire::Deployment::Reader deployment,
                                     wire::ReleaserSettings::Reader settings);
Result<void> destroyRelease(const Call& call, wire::Release::Reader release,
                            wire::ReleaserSettings::Reader settings);
Result<Owned<cairn::wire::Status>> releaseStatus(const Call& call, wire::Release::Reader release,
                                                 wire::ReleaserSettings::Reader settings);

// The whole plugin, for main() and for tests.
Plugin plugin();

}  // namespace cairn::plugins::docker
