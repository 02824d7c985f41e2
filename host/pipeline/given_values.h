#pragma once
// The values that the host itself makes for a stage.

#include <cairn/record.capnp.h>
#include <host/broker/value.h>

namespace cairn::host {

struct DeploymentFacts {
  std::string id;  // empty where no deployment is in question
  std::uint32_t sequence = 0;
};

Value sourceTreeValue(kj::StringPtr appPath, kj::StringPtr projectPath, wire::GitFacts::Reader git);
Value labelsValue(capnp::List<wire::NamedText>::Reader labels);
Value deploymentConfigValue(kj::StringPtr project, kj::StringPtr app, kj::StringPtr workspace,
                            const DeploymentFacts& deployment);

// Twelve hex digits of a UUIDv7, from its random end: those of its beginning are the time, and alike within a
// run.
std::string shortId(const std::string& id);

}  // namespace cairn::host
