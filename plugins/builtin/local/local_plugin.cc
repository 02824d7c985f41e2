#include "local_plugin.h"

#include "platform.h"
#include "releaser.h"

namespace cairn::plugins::local {

Plugin localPlugin() {
  return Plugin("local")
      .version("0.1.0")
      .description("Runs apps as supervised processes on this machine, behind a stable address")
      .needsServices()
      .platform(deploy, destroyDeployment, deploymentStatus, logs, exec)
      .doc("Runs the app's command, starts it again when it ends, and keeps its log")
      .check(checkPlatform)
      .defaultReleaser("local")
      .releaser(release, destroyRelease, releaseStatus)
      .doc("Keeps one address for the app and switches it between deployments without losing a request")
      .check(checkReleaser);
}

}  // namespace cairn::plugins::local
