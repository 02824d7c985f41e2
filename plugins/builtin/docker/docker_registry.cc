#include "components.h"
#include "connection.h"
#include "images.h"

namespace cairn::plugins::docker {

Result<Owned<cairn::wire::OciImage>> push(const Call& call, cairn::wire::DockerImage::Reader image,
                                          cairn::wire::SourceTree::Reader source,
                                          wire::RegistrySettings::Reader settings) {
  const Engine engine = CAIRN_TRY(connectEngine(call, settings.getHost(), image.getHost()));
  ImageReference name = CAIRN_TRY(parseImageReference(toString(settings.getImage())));
  if (settings.getTag().size() > 0) {
    name.tag = toString(settings.getTag());
  } else if (name.tag.empty()) {
    name.tag = tagFrom(toString(source.getGit().getPretty()));
  }
  const std::string id = toString(image.getId().size() > 0 ? image.getId() : image.getReference());
  const auto local = CAIRN_TRY(findImage(engine, id));
  if (!local) {
    return Error{.kind = ErrorKind::NotFound,
                 .code = "docker/image-not-found",
                 .message = "the engine at " + engine.address().text + " has no image " +
                            toString(image.getReference()) + " (" + id + ")",
                 .hint = "build it again"};
  }
  CAIRN_TRY(tagImage(engine, id, name));
  Owned<cairn::wire::OciImage> out;
  out->setReference(name.text());
  out->setPlatform(local->platform);
  if (settings.getLocal()) return out;
  const RegistryAuth auth = CAIRN_TRY(registryAuthFor(name.registry, toString(settings.getUsername()),
                                                      toString(settings.getPassword()), call.cancelFd()));
  out->setDigest(CAIRN_TRY(pushImage(call, engine, name, auth)));
  return out;
}

Result<void> checkRegistry(const Call& call, wire::RegistrySettings::Reader settings,
                           const UnknownSettings& unknown) {
  if (!unknown.contains("image")) {
    const auto name = CAIRN_TRY(parseImageReference(toString(settings.getImage())));
    if (!name.digest.empty()) {
      return Error{.kind = ErrorKind::Config,
                   .code = "docker/bad-reference",
                   .message = "an image can't be pushed to a digest: " + toString(settings.getImage()),
                   .hint = "leave out what follows the @",
                   .settingPath = "image"};
    }
    if (settings.getTag().size() > 0 && !unknown.contains("tag")) {
      CAIRN_TRY(parseImageReference(name.repository + ":" + toString(settings.getTag())));
    }
    if (settings.getUsername().size() == 0 && !settings.getLocal())
      CAIRN_TRY(registryAuthFor(name.registry, {}, {}, call.cancelFd()));
  }
  if (!unknown.contains("host")) CAIRN_TRY(connectEngine(call, settings.getHost()));
  return {};
}

}  // namespace cairn::plugins::docker
