#include "null_releaser.h"

#include "null_files.h"

namespace cairn::plugins::null {

Result<Owned<Release>> release(const Call& call, Deployment::Reader deployment, Settings::Reader settings) {
  CAIRN_TRY(behave(call, settings));
  auto step = call.step("Releasing nothing");
  CAIRN_TRY(
      makeFile(call, "release-" + text(deployment.getDeploymentId()), text(deployment.getDeploymentId())));
  Owned<Release> made;
  made->setText(deployment.getText());
  made->setCounter(deployment.getCounter() + 1);
  made->setDeploymentId(deployment.getDeploymentId());
  made->setUrl(deployment.getUrl());
  return made;
}

Result<void> destroyRelease(const Call& call, Release::Reader, Settings::Reader settings) {
  CAIRN_TRY(behave(call, settings));
  return removeFiles(call);
}

Result<Owned<wire::Status>> releaseStatus(const Call& call, Release::Reader release, Settings::Reader) {
  return statusOfFiles(call, text(release.getUrl()));
}

}  // namespace cairn::plugins::null
