#include "null_releaser.h"

#include "null_files.h"

namespace cairn::plugins::null {

Result<Owned<Release>> release(const Call& call, Deployment::Reader deployment, Settings::Reader settings) {
  CAIRN_TRY(behave(call, settings));
  auto step = call.step("Releasing nothing");
  const std::string id = text(deployment.getDeploymentId());
  if (auto file = makeFile(call, "release-" + id, id); !file) {
    step.fail();
    return std::move(file).error();
  }
  Owned<Release> made;
  made->setText(deployment.getText());
  made->setCounter(deployment.getCounter() + 1);
  made->setDeploymentId(deployment.getDeploymentId());
  made->setUrl(deployment.getUrl());
  return made;
}

Result<void> destroyRelease(const Call& call, Release::Reader, Settings::Reader settings) {
  CAIRN_TRY(behaveAtOnce(call, settings));
  return removeFiles(call);
}

Result<Owned<wire::Status>> releaseStatus(const Call& call, Release::Reader release, Settings::Reader) {
  return statusOfFiles(call, text(release.getUrl()));
}

}  // namespace cairn::plugins::null
