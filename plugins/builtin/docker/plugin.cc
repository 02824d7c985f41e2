#include "components.h"

namespace cairn::plugins::docker {

Plugin plugin() {
  Plugin out("docker");
  out.version("0.1.0").description("Builds, pushes, runs and releases container images with a Docker Engine");
  // Where the engine is and who we are at registries, as the docker CLI finds it; the rest for credential
  // helpers: those of AWS, of pass and of desktops.
  for (const char* name :
       {"DOCKER_*", "HOME", "PATH", "XDG_RUNTIME_DIR", "AWS_*", "GNUPGHOME", "PASSWORD_STORE_DIR", "DBUS_*"})
    out.environment(name);
  out.builder(build).doc("Builds a Dockerfile in the engine").check(checkBuilder);
  out.builder(pull).named("docker-pull").doc("Takes an image that was made elsewhere").check(checkPull);
  out.registry(push).doc("Tags the image and pushes it to a registry").check(checkRegistry);
  out.platform(deploy, destroyDeployment, deploymentStatus, logs, exec)
      .doc("Runs the image as a container in the engine, each deployment beside the others")
      .check(checkPlatform)
      .defaultReleaser("docker");
  out.releaser(release, destroyRelease, releaseStatus)
      .doc("Keeps one address for the app and switches it between deployments without losing a request");
  out.mapper(imageFromRegistry).doc("Pulls an image by its digest unless the engine has it").idempotent();
  return out;
}

}  // namespace cairn::plugins::docker
