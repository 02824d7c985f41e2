#include "components.h"
#include "connection.h"
#include "image_build.h"
#include "image_reference.h"
#include "images.h"

namespace cairn::plugins::docker {
namespace {

namespace fs = std::filesystem;

std::vector<std::pair<std::string, std::string>> pairs(capnp::List<cairn::wire::NamedText>::Reader list) {
  std::vector<std::pair<std::string, std::string>> out;
  for (auto entry : list) out.emplace_back(toString(entry.getName()), toString(entry.getValue()));
  return out;
}

std::vector<std::pair<std::string, std::string>> imageLabels(cairn::wire::Labels::Reader labels) {
  auto out = pairs(labels.getEntries());
  out.emplace_back(kRoleLabel, kBuildRole);
  return out;
}

// One name for each app, so that an older build is the only thing that a new one leaves without a name.
std::string defaultName(cairn::wire::SourceTree::Reader source) {
  const fs::path project = fs::path(toString(source.getProjectPath())).lexically_normal();
  const fs::path app = fs::path(toString(source.getPath())).lexically_normal();
  std::string out = "cairn/" + repositoryPartFrom(project.filename().string());
  if (app != project) out += "/" + repositoryPartFrom(app.lexically_relative(project).generic_string());
  return out + ":latest";
}

}  // namespace

Result<Owned<cairn::wire::DockerImage>> build(const Call& call, cairn::wire::SourceTree::Reader source,
                                              cairn::wire::Labels::Reader labels,
                                              wire::BuildSettings::Reader settings) {
  const Engine engine = CAIRN_TRY(connectEngine(call, settings.getHost()));
  const fs::path folder = pathIn(toString(source.getPath()), settings.getContext());
  const fs::path dockerfile = settings.hasDockerfile() && settings.getDockerfile().size() > 0
                                  ? pathIn(toString(source.getPath()), settings.getDockerfile())
                                  : folder / "Dockerfile";
  const BuildContext context = CAIRN_TRY(BuildContext::open(folder, dockerfile));
  const std::string name =
      settings.getImage().size() > 0 ? toString(settings.getImage()) : defaultName(source);
  const ImageReference reference = CAIRN_TRY(parseImageReference(name));
  const BuildRequest request{.tag = reference.text(),
                             .target = toString(settings.getTarget()),
                             .platform = toString(settings.getPlatform()),
                             .args = pairs(settings.getBuildArgs()),
                             .labels = imageLabels(labels),
                             .noCache = settings.getNoCache(),
                             .pull = settings.getPull()};
  const std::string id = CAIRN_TRY(buildImage(call, engine, context, request));
  Owned<cairn::wire::DockerImage> image;
  image->setReference(reference.text());
  image->setId(id);
  image->setHost(engine.address().text);
  return image;
}

Result<void> checkBuilder(const Call& call, wire::BuildSettings::Reader settings,
                          const UnknownSettings& unknown) {
  if (settings.getImage().size() > 0 && !unknown.contains("image")) {
    CAIRN_TRY(parseImageReference(toString(settings.getImage())));
  }
  if (!unknown.contains("host")) CAIRN_TRY(connectEngine(call, settings.getHost()));
  return {};
}

}  // namespace cairn::plugins::docker
