#pragma once
// The platform `local`: an app's command as a supervised process on this machine.

#include <cairn/plugin.h>
#include <cairn/types.capnp.h>
#include <local/local.capnp.h>

namespace cairn::plugins::local {

// Starts the app on a loopback port of its own and waits until it is ready, or until it is clear that it
// won't be. After an error nothing of it is left. Errors: local/command-not-found, local/app-exited,
// local/probe-failed, local/port-in-use, and Cancelled.
Result<Owned<wire::Deployment>> deploy(const Call& call, cairn::wire::FilesDirectory::Reader files,
                                       cairn::wire::DeploymentConfig::Reader config,
                                       wire::PlatformSettings::Reader settings);

// Stops the app and removes its folder. Works from the journal alone when a crash left no deployment value.
Result<void> destroyDeployment(const Call& call, wire::Deployment::Reader deployment,
                               wire::PlatformSettings::Reader settings);

Result<Owned<cairn::wire::Status>> deploymentStatus(const Call& call, wire::Deployment::Reader deployment,
                                                    wire::PlatformSettings::Reader settings);

// Gives the app's log, as Call::logRequest() asks. Errors: local/no-log.
Result<void> logs(const Call& call, wire::Deployment::Reader deployment);

// Runs Call::arguments() beside the app, with its environment and folder. Errors: local/not-running.
Result<int> exec(const Call& call, wire::Deployment::Reader deployment);

// Finds a command that can't be run, a fixed port that is taken, a broken probe path or name in `env`.
std::vector<Error> checkPlatform(const Call& call, wire::PlatformSettings::Reader settings,
                                 const UnknownSettings& unknown);

}  // namespace cairn::plugins::local
