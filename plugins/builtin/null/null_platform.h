#pragma once
// A platform whose deployments are files under the plugin's data folder, each journalled as a resource of
// kind "file": enough for a run that is killed to leave something that can be found and removed.

#include "null_behaviour.h"

#include <cairn/types.capnp.h>

namespace cairn::plugins::null {

Result<Owned<Deployment>> deploy(const Call& call, Image::Reader image, wire::DeploymentConfig::Reader config,
                                 Settings::Reader settings);
Result<void> destroyDeployment(const Call& call, Deployment::Reader deployment, Settings::Reader settings);
Result<Owned<wire::Status>> deploymentStatus(const Call& call, Deployment::Reader deployment,
                                             Settings::Reader settings);
// `log_lines` lines; with `follow`, one more each 100 ms until cancelled.
Result<void> deploymentLogs(const Call& call, Deployment::Reader deployment, Settings::Reader settings);
// "exit N" ends with N, "cat" gives back its input; anything else is printed.
Result<int> execInDeployment(const Call& call, Deployment::Reader deployment, Settings::Reader settings);

}  // namespace cairn::plugins::null
