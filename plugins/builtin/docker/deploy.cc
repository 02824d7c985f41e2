#include "components.h"
#include "connection.h"
#include "container_spec.h"
#include "containers.h"
#include "networks.h"
#include "readiness.h"

#include <nlohmann/json.hpp>

namespace cairn::plugins::docker {
namespace {

constexpr unsigned kLogTail = 20;

Result<LocalImage> requireImage(const Engine& engine, cairn::wire::DockerImage::Reader image) {
  const std::string name = toString(image.getId().size() > 0 ? image.getId() : image.getReference());
  auto found = CAIRN_TRY(findImage(engine, name));
  if (found) return std::move(*found);
  return Error{.kind = ErrorKind::NotFound,
               .code = "docker/image-not-found",
               .message = "the engine at " + engine.address().text + " has no image " +
                          toString(image.getReference()) + " (" + name + ")",
               .hint = "it was made in the engine at " + toString(image.getHost()) +
                       ": push it to a registry, or deploy there"};
}

// The network must be there when the container starts; another app's destroy may just have taken it away.
Result<std::string> createOnNetwork(const Engine& engine, const std::string& name, const Json& spec,
                                    const ContainerRequest& request) {
  for (int tries = 0;; ++tries) {
    CAIRN_TRY(ensureNetwork(engine, request.network, toString(request.config.getProject())));
    auto made = createContainer(engine, name, spec);
    const bool networkGone = !made && made.error().kind == ErrorKind::NotFound &&
                             made.error().message.find("network") != std::string::npos;
    if (!networkGone || tries == 3) return made;
  }
}

// A container that did not become what it should: its last words, then it goes, also when the call was
// cancelled.
void discard(const Call& call, const Engine& engine, const std::string& id, const Resource& resource,
             bool showLog) {
  const Engine cleanup = engine.uncancelled();
  if (auto state = findContainer(cleanup, id); showLog && state && *state) {
    (void)readLog(cleanup, **state, {.tail = kLogTail}, [&](const LogEntry& entry) { call.logLine(entry); });
  }
  if (removeContainer(cleanup, id, 2)) (void)call.removed(resource);
}

// Started, joined to its networks and ready; answers its state.
Result<ContainerState> bringUp(const Call& call, const Engine& engine, const std::string& id,
                               const ContainerRequest& request, const LocalImage& image) {
  for (auto network : request.settings.getNetworks()) {
    CAIRN_TRY(requireNetwork(engine, toString(network)));
    CAIRN_TRY(connectNetwork(engine, toString(network), id));
  }
  {
    Step step = call.step("Starting the container");
    if (auto started = startContainer(engine, id); !started) {
      step.fail();
      return std::move(started).error();
    }
  }
  const auto state = CAIRN_TRY(findContainer(engine, id));
  const std::string url = state ? publishedUrl(engine, *state, request.port) : "";
  Step step = call.step("Waiting until it is ready");
  const bool listens = request.settings.getPort() != 0 || !image.exposedPorts.empty();
  auto ready =
      waitUntilReady(call, engine, id, url, listens, image.hasHealthcheck, request.settings.getProbe());
  if (!ready) {
    step.fail();
    return std::move(ready).error();
  }
  CAIRN_TRY(setRestartPolicy(engine, id, restartPolicy(request.settings.getRestart())));
  step.done(url.empty() ? "Ready" : "Ready at " + url);
  const auto now = CAIRN_TRY(findContainer(engine, id));
  return now ? *now : *state;
}

Owned<wire::Deployment> deploymentValue(const Engine& engine, const ContainerRequest& request,
                                        const ContainerState& state) {
  Owned<wire::Deployment> out;
  out->setDeploymentId(request.config.getDeploymentId());
  out->setProject(request.config.getProject());
  out->setApp(request.config.getApp());
  out->setWorkspace(request.config.getWorkspace());
  out->setSequence(request.config.getSequence());
  out->setEngine(engine.address().text);
  out->setContainerId(state.id);
  out->setContainerName(state.name);
  out->setImageId(request.imageId);
  out->setNetwork(request.network);
  out->setPort(request.port);
  out->setUrl(publishedUrl(engine, state, request.port));
  return out;
}

void checkNames(const Engine& engine, wire::PlatformSettings::Reader settings, const UnknownSettings& unknown,
                std::vector<Error>& errors) {
  if (unknown.contains("networks")) return;
  for (auto network : settings.getNetworks()) {
    if (auto found = requireNetwork(engine, toString(network)); !found)
      errors.push_back(std::move(found).error());
  }
}

}  // namespace

Result<Owned<wire::Deployment>> deploy(const Call& call, cairn::wire::DockerImage::Reader image,
                                       cairn::wire::DeploymentConfig::Reader config,
                                       cairn::wire::Labels::Reader labels,
                                       wire::PlatformSettings::Reader settings) {
  const Engine engine = CAIRN_TRY(connectEngine(call, settings.getHost(), image.getHost()));
  const LocalImage local = CAIRN_TRY(requireImage(engine, image));
  for (auto volume : settings.getVolumes()) CAIRN_TRY(checkVolume(toString(volume)));
  const ContainerRequest request{
      .config = config,
      .labels = labels,
      .settings = settings,
      .imageId = local.id,
      .network = networkName(toString(config.getProject()), toString(config.getWorkspace())),
      .port = servicePort(settings.getPort(), local),
      .publish = CAIRN_TRY(parsePublish(toString(settings.getPublish())))};
  const std::string name = containerName(config);
  Resource network = CAIRN_TRY(call.intend("network", request.network));
  Resource container = CAIRN_TRY(call.intend("container", name));
  // Which engine is written down before anything is made in it: destroy may be asked where DOCKER_HOST is
  // another.
  CAIRN_TRY(call.created(network, request.network, engine.address().text));
  CAIRN_TRY(removeContainer(engine, name, 0));  // of an earlier try of this deployment, whose answer was lost
  auto id = createOnNetwork(engine, name, containerSpec(request), request);
  if (!id) {
    const Engine cleanup =
        engine.uncancelled();  // a cancel may have come between the engine's act and its answer
    if (removeContainer(cleanup, name, 0)) (void)call.removed(container);
    if (removeNetworkIfUnused(cleanup, request.network)) (void)call.removed(network);
    return std::move(id).error();
  }
  auto journaled = call.created(container, *id, engine.address().text);
  auto state =
      journaled ? bringUp(call, engine, *id, request, local) : Result<ContainerState>(journaled.error());
  if (!state) {
    discard(call, engine, *id, container, journaled.has_value());
    if (removeNetworkIfUnused(engine.uncancelled(), request.network)) (void)call.removed(network);
    return std::move(state).error();
  }
  return deploymentValue(engine, request, *state);
}

std::vector<Error> checkPlatform(const Call& call, wire::PlatformSettings::Reader settings,
                                 const UnknownSettings& unknown) {
  std::vector<Error> errors;
  auto note = [&](auto result) {
    if (!result) errors.push_back(std::move(result).error());
  };
  if (!unknown.contains("publish")) note(parsePublish(toString(settings.getPublish())));
  if (!unknown.contains("volumes")) {
    for (auto volume : settings.getVolumes()) note(checkVolume(toString(volume)));
  }
  if (unknown.contains("host")) return errors;
  auto engine = connectEngine(call, settings.getHost());
  if (engine) {
    checkNames(*engine, settings, unknown, errors);
  } else {
    errors.push_back(std::move(engine).error());
  }
  return errors;
}

}  // namespace cairn::plugins::docker
