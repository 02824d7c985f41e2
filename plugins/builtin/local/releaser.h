#pragma once
// The releaser `local`: one stable address for each (project, app, workspace), kept by a proxy that outlives
// the run.

#include <cairn/plugin.h>
#include <cairn/types.capnp.h>
#include <local/local.capnp.h>

namespace cairn::plugins::local {

// Makes the app's address lead to `deployment`; starts the proxy where none runs, on the port it had before.
// Requests under way at the deployment that served until now may finish there. Errors: local/not-running,
// local/port-in-use, local/proxy-failed.
Result<Owned<wire::Release>> release(const Call& call, wire::Deployment::Reader deployment,
                                     wire::ReleaserSettings::Reader settings);

// Stops the proxy if this release is the one that serves; a release that another has followed leaves nothing
// to remove.
Result<void> destroyRelease(const Call& call, wire::Release::Reader release);

Result<Owned<cairn::wire::Status>> releaseStatus(const Call& call, wire::Release::Reader release);

// Finds a fixed port that somebody else has.
std::vector<Error> checkReleaser(const Call& call, wire::ReleaserSettings::Reader settings,
                                 const UnknownSettings& unknown);

}  // namespace cairn::plugins::local
