#include "null_plugin.h"

#include "null_artifacts.h"
#include "null_platform.h"
#include "null_releaser.h"

namespace cairn::plugins::null {

Plugin plugin() {
  Plugin plugin("null");
  plugin.version("0.1.0").description("builds, pushes, deploys and releases nothing, for tests and tries");
  plugin.builder(build).check(checkSettings).doc("Builds a value that says `text`.");
  plugin.registry(push).check(checkSettings).doc("Pushes to nowhere.");
  plugin.platform(deploy, destroyDeployment, deploymentStatus, deploymentLogs, execInDeployment)
      .check(checkSettings)
      .doc("Deploys as files in the plugin's data folder.");
  plugin.releaser(release, destroyRelease, releaseStatus)
      .check(checkSettings)
      .doc("Releases at an address that leads nowhere.");
  plugin.mapper(artifactFromBuild);
  plugin.mapper(artifactFromFiles).lossy();
  plugin.mapper(artifactFromDockerImage).lossy();
  plugin.mapper(artifactFromOciImage).lossy();
  plugin.mapper(imageFromArtifact);
  return plugin;
}

}  // namespace cairn::plugins::null
