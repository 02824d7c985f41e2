#include "components.h"
#include "connection.h"
#include "container_exec.h"
#include "containers.h"

namespace cairn::plugins::docker {
namespace {

Result<ContainerState> requireContainer(const Engine& engine, wire::Deployment::Reader deployment) {
  auto found = CAIRN_TRY(findContainer(engine, toString(deployment.getContainerId())));
  if (found) return std::move(*found);
  return Error{.kind = ErrorKind::NotFound,
               .code = "docker/container-gone",
               .message = "the container " + toString(deployment.getContainerName()) +
                          " is gone from the engine at " + engine.address().text,
               .hint = "deploy again"};
}

}  // namespace

Result<void> logs(const Call& call, wire::Deployment::Reader deployment) {
  const Engine engine = CAIRN_TRY(connectEngine(call, {}, deployment.getEngine()));
  const ContainerState container = CAIRN_TRY(requireContainer(engine, deployment));
  return readLog(engine, container, call.logRequest(), [&](const LogEntry& entry) { call.logLine(entry); });
}

Result<int> exec(const Call& call, wire::Deployment::Reader deployment) {
  const Engine engine = CAIRN_TRY(connectEngine(call, {}, deployment.getEngine()));
  const ContainerState container = CAIRN_TRY(requireContainer(engine, deployment));
  return runForUser(call, engine, container.id);
}

}  // namespace cairn::plugins::docker
