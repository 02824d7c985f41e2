#include "null_artifacts.h"

#include <cairn/dynamic/digest.h>

namespace cairn::plugins::null {
namespace {

Owned<Artifact> makeArtifact(const std::string& text, std::uint32_t counter, const char* origin) {
  Owned<Artifact> artifact;
  artifact->setText(text);
  artifact->setCounter(counter + 1);
  artifact->setOrigin(origin);
  return artifact;
}

Owned<Image> makeImage(const std::string& says, std::uint32_t counter) {
  Owned<Image> image;
  image->setText(says);
  image->setCounter(counter + 1);
  image->setDigest("sha256:" + hex(sha256(says)));
  return image;
}

}  // namespace

Result<Owned<Build>> build(const Call& call, wire::SourceTree::Reader source, Settings::Reader settings) {
  CAIRN_TRY(behave(call, settings));
  auto step = call.step("Building nothing");
  Owned<Build> made;
  made->setText(settings.hasText() ? settings.getText() : source.getGit().getPretty());
  made->setCounter(1);
  if (settings.getValueBytes() > 0) made->initPadding(settings.getValueBytes());
  return made;
}

Result<Owned<Image>> push(const Call& call, Artifact::Reader artifact, Settings::Reader settings) {
  CAIRN_TRY(behave(call, settings));
  auto step = call.step("Pushing nothing");
  return makeImage(text(artifact.getText()), artifact.getCounter());
}

Result<Owned<Image>> imageFromArtifact(const Call& call, Artifact::Reader artifact,
                                       Settings::Reader settings) {
  CAIRN_TRY(behave(call, settings));
  return makeImage(text(settings.hasText() ? settings.getText() : artifact.getText()), artifact.getCounter());
}

Owned<Artifact> artifactFromBuild(Build::Reader build) {
  return makeArtifact(text(build.getText()), build.getCounter(), "null.Build");
}

Owned<Artifact> artifactFromFiles(wire::FilesDirectory::Reader files) {
  return makeArtifact(text(files.getDigest()), 0, "cairn.FilesDirectory");
}

Owned<Artifact> artifactFromDockerImage(wire::DockerImage::Reader image) {
  return makeArtifact(text(image.getReference()) + " " + text(image.getId()), 0, "docker.Image");
}

Owned<Artifact> artifactFromOciImage(wire::OciImage::Reader image) {
  return makeArtifact(text(image.getReference()) + "@" + text(image.getDigest()), 0, "oci.Image");
}

}  // namespace cairn::plugins::null
