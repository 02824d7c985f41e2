#include "images.h"

#include "json_fields.h"
#include "json_lines.h"

#include <nlohmann/json.hpp>

#include <map>

namespace cairn::plugins::docker {
namespace {

// The bytes of all layers under way, summed up for one line on the screen.
class Transfer {
 public:
  explicit Transfer(Step& step) : step_(step) {}

  void take(const Json& line) {
    const auto detail = line.find("progressDetail");
    if (detail == line.end() || !detail->is_object() || !detail->contains("current")) return;
    layers_[textAt(line, "id")] = {static_cast<std::uint64_t>(numberAt(*detail, "current")),
                                   static_cast<std::uint64_t>(numberAt(*detail, "total"))};
    std::uint64_t current = 0, total = 0;
    for (const auto& [id, layer] : layers_) {
      current += layer.first;
      total += std::max(layer.first, layer.second);
    }
    step_.progress(current, total);
  }

 private:
  Step& step_;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> layers_;
};

std::string registryHint(const ImageReference& image, const std::string& why) {
  auto says = [&](const char* text) { return why.find(text) != std::string::npos; };
  if (says("HTTP response to HTTPS client")) {
    return "the registry speaks plain HTTP: add \"" + image.registry +
           "\" to insecure-registries in the engine's daemon.json";
  }
  if (says("unauthorized") || says("no basic auth") || says("denied") || says("authentication required")) {
    return "log in with `docker login " + image.registry + "`, or set username and password";
  }
  if (says("not found") || says("manifest unknown")) return "look at the image's name and tag";
  return "look whether the engine can reach " + image.registry;
}

// Runs a request whose answer is a stream of progress; `why` of an error goes through `fail`.
Result<void> transfer(const Engine& engine, const EngineRequest& request, Step& step,
                      const JsonLines::Take& take, const std::function<Error(const std::string&)>& fail) {
  Transfer sum(step);
  JsonLines lines([&](const Json& line) {
    sum.take(line);
    if (take) take(line);
  });
  auto done = engine.stream(request, [&](std::string_view bytes) { lines.feed(bytes); });
  lines.finish();
  std::string why = lines.error();
  if (!done && (done.error().kind == ErrorKind::Cancelled || done.error().kind == ErrorKind::Unavailable))
    return done;
  if (!done) why = done.error().message;
  if (why.empty()) return {};
  step.fail();
  return fail(why);
}

}  // namespace

Result<std::optional<LocalImage>> findImage(const Engine& engine, const std::string& nameOrId) {
  auto found = engine.get(Target("/images/" + nameOrId + "/json"));
  if (!found && found.error().kind == ErrorKind::NotFound) return std::optional<LocalImage>();
  const Json json = CAIRN_TRY(std::move(found));
  LocalImage out{.id = textAt(json, "Id"),
                 .platform = textAt(json, "Os", "linux") + "/" + textAt(json, "Architecture")};
  if (auto digests = json.find("RepoDigests"); digests != json.end() && digests->is_array()) {
    for (const Json& digest : *digests) {
      if (digest.is_string()) out.repoDigests.push_back(digest.get<std::string>());
    }
  }
  const auto config = json.find("Config");
  if (config == json.end() || !config->is_object()) return std::optional(out);
  if (auto ports = config->find("ExposedPorts"); ports != config->end() && ports->is_object()) {
    for (const auto& [port, unused] : ports->items()) out.exposedPorts.push_back(port);
  }
  if (auto check = config->find("Healthcheck"); check != config->end() && check->is_object()) {
    const auto test = check->find("Test");
    out.hasHealthcheck =
        test != check->end() && test->is_array() && !test->empty() && test->front() != "NONE";
  }
  return std::optional(out);
}

Result<void> pullImage(const Call& call, const Engine& engine, const ImageReference& image,
                       const RegistryAuth& auth, const std::string& platform) {
  Step step = call.step("Pulling " + image.text());
  Target target = Target("/images/create").with("fromImage", image.repository);
  target.with("tag", !image.digest.empty() ? image.digest : image.tag.empty() ? "latest" : image.tag);
  if (!platform.empty()) target.with("platform", platform);
  const std::string who = CAIRN_TRY(encodeRegistryAuth(auth));
  const EngineRequest request{
      .method = "POST", .target = target.text(), .headers = {{"X-Registry-Auth", who}}};
  return transfer(engine, request, step, nullptr, [&](const std::string& why) {
    return Error{.kind = ErrorKind::Failed,
                 .code = "docker/pull-failed",
                 .message = "can't pull " + image.text() + ": " + why,
                 .hint = registryHint(image, why)};
  });
}

Result<void> tagImage(const Engine& engine, const std::string& id, const ImageReference& name) {
  CAIRN_TRY(engine.post(Target("/images/" + id + "/tag")
                            .with("repo", name.repository)
                            .with("tag", name.tag.empty() ? "latest" : name.tag)));
  return {};
}

Result<void> removeReplacedImage(const Engine& engine, const std::string& id) {
  auto found = engine.get(Target("/images/" + id + "/json"));
  if (!found && found.error().kind == ErrorKind::NotFound) return {};
  const Json image = CAIRN_TRY(std::move(found));
  const Json::json_pointer role("/Config/Labels/" + std::string(kRoleLabel));
  const bool ours = image.contains(role) && image[role] == kBuildRole;
  const bool named = image.contains("RepoTags") && !image["RepoTags"].empty();
  if (!ours || named) return {};
  // Not by force: the engine refuses where a container still uses it, or an image was built upon it.
  auto removed = engine.remove(Target("/images/" + id));
  const bool stays =
      !removed && (removed.error().code == "docker/conflict" || removed.error().kind == ErrorKind::NotFound);
  return stays ? Result<void>() : removed;
}

Result<std::string> pushImage(const Call& call, const Engine& engine, const ImageReference& image,
                              const RegistryAuth& auth) {
  Step step = call.step("Pushing " + image.text());
  const std::string who = CAIRN_TRY(encodeRegistryAuth(auth));
  const EngineRequest request{.method = "POST",
                              .target = Target("/images/" + image.repository + "/push")
                                            .with("tag", image.tag.empty() ? "latest" : image.tag)
                                            .text(),
                              .headers = {{"X-Registry-Auth", who}}};
  std::string digest;
  auto fail = [&](const std::string& why) {
    return Error{.kind = ErrorKind::Failed,
                 .code = "docker/push-failed",
                 .message = "can't push " + image.text() + ": " + why,
                 .hint = registryHint(image, why)};
  };
  CAIRN_TRY(transfer(
      engine, request, step,
      [&](const Json& line) {
        if (auto aux = line.find("aux"); aux != line.end() && aux->is_object())
          digest = textAt(*aux, "Digest", digest);
      },
      fail));
  if (digest.empty()) return fail("the engine did not say the manifest's digest");
  step.done("Pushed " + image.text());
  return digest;
}

}  // namespace cairn::plugins::docker
