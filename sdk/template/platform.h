#pragma once
// A platform that puts a folder of files somewhere. Replace what it does, keep how: journal first, then act.

#include <@NAME@/@NAME@.capnp.h>

#include <cairn/plugin.h>
#include <cairn/types.capnp.h>

namespace cairn::plugins::@NAMESPACE@ {

Result<Owned<Deployment>> deploy(const Call& call, wire::FilesDirectory::Reader files,
                                 wire::DeploymentConfig::Reader config, Settings::Reader settings);
// Also after a crash in the middle of deploy, and twice.
Result<void> destroy(const Call& call, Deployment::Reader deployment, Settings::Reader settings);
Result<Owned<wire::Status>> status(const Call& call, Deployment::Reader deployment,
                                   Settings::Reader settings);

Plugin plugin();

}  // namespace cairn::plugins::@NAMESPACE@
