#include "components.h"
#include "connection.h"
#include "images.h"

namespace cairn::plugins::docker {
namespace {

Owned<cairn::wire::DockerImage> imageValue(const Engine& engine, const std::string& reference,
                                           const std::string& id) {
  Owned<cairn::wire::DockerImage> image;
  image->setReference(reference);
  image->setId(id);
  image->setHost(engine.address().text);
  return image;
}

Error imageNotFound(const Engine& engine, const std::string& reference, std::string hint) {
  return Error{.kind = ErrorKind::NotFound,
               .code = "docker/image-not-found",
               .message = "the engine at " + engine.address().text + " has no image " + reference,
               .hint = std::move(hint)};
}

}  // namespace

Result<Owned<cairn::wire::DockerImage>> pull(const Call& call, wire::PullSettings::Reader settings) {
  using Policy = wire::PullSettings::Policy;
  const Engine engine = CAIRN_TRY(connectEngine(call, settings.getHost()));
  const ImageReference reference = CAIRN_TRY(parseImageReference(toString(settings.getImage())));
  auto found = CAIRN_TRY(findImage(engine, reference.text()));
  if (!found && settings.getPolicy() == Policy::NEVER) {
    return imageNotFound(engine, reference.text(), "load it there, or set policy to \"missing\"");
  }
  if (!found || settings.getPolicy() == Policy::ALWAYS) {
    const RegistryAuth auth = CAIRN_TRY(registryAuthFor(reference.registry, toString(settings.getUsername()),
                                                        toString(settings.getPassword()), call.cancelFd()));
    CAIRN_TRY(pullImage(call, engine, reference, auth, toString(settings.getPlatform())));
    found = CAIRN_TRY(findImage(engine, reference.text()));
  }
  if (!found)
    return imageNotFound(engine, reference.text(), "it was pulled but is gone: is something pruning images?");
  return imageValue(engine, reference.text(), found->id);
}

Result<void> checkPull(const Call& call, wire::PullSettings::Reader settings,
                       const UnknownSettings& unknown) {
  if (!unknown.contains("image")) CAIRN_TRY(parseImageReference(toString(settings.getImage())));
  if (!unknown.contains("host")) CAIRN_TRY(connectEngine(call, settings.getHost()));
  return {};
}

Result<Owned<cairn::wire::DockerImage>> imageFromRegistry(const Call& call,
                                                          cairn::wire::OciImage::Reader image) {
  const Engine engine = CAIRN_TRY(connectEngine(call, {}));
  ImageReference reference = CAIRN_TRY(parseImageReference(toString(image.getReference())));
  const std::string name = reference.text();
  reference.digest = toString(image.getDigest());
  auto found = CAIRN_TRY(findImage(engine, reference.text()));
  if (!found) {
    const RegistryAuth auth = CAIRN_TRY(registryAuthFor(reference.registry, {}, {}, call.cancelFd()));
    CAIRN_TRY(pullImage(call, engine, reference, auth, toString(image.getPlatform())));
    found = CAIRN_TRY(findImage(engine, reference.text()));
  }
  if (!found)
    return imageNotFound(engine, reference.text(), "it was pulled but is gone: is something pruning images?");
  return imageValue(engine, name, found->id);
}

}  // namespace cairn::plugins::docker
