#include "host/pipeline/given_values.h"

#include <cairn/owned.h>
#include <cairn/types.capnp.h>

namespace cairn::host {

Value sourceTreeValue(kj::StringPtr appPath, kj::StringPtr projectPath, wire::GitFacts::Reader git) {
  Owned<wire::SourceTree> tree;
  tree->setPath(appPath);
  tree->setProjectPath(projectPath);
  tree->setGit(git);
  Value value = makeValue<wire::SourceTree>(tree.reader(), "cairn.SourceTree");
  value.hostLocal = true;
  return value;
}

Value labelsValue(capnp::List<wire::NamedText>::Reader labels) {
  Owned<wire::Labels> out;
  out->setEntries(labels);
  return makeValue<wire::Labels>(out.reader(), "cairn.Labels");
}

Value deploymentConfigValue(kj::StringPtr project, kj::StringPtr app, kj::StringPtr workspace,
                            const DeploymentFacts& deployment) {
  Owned<wire::DeploymentConfig> config;
  config->setDeploymentId(deployment.id);
  config->setShortId(shortId(deployment.id));
  config->setApp(app);
  config->setWorkspace(workspace);
  config->setProject(project);
  config->setSequence(deployment.sequence);
  return makeValue<wire::DeploymentConfig>(config.reader(), "cairn.DeploymentConfig");
}

std::string shortId(const std::string& id) {
  return id.size() <= 12 ? id : id.substr(id.size() - 12);
}

}  // namespace cairn::host
