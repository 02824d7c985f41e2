#include "proxy.h"

#include "connection.h"
#include "container_exec.h"
#include "image_reference.h"
#include "json_fields.h"
#include "networks.h"
#include "proxy_image.h"
#include "proxy_succession.h"

#include <sodium.h>
#include <nlohmann/json.hpp>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <memory>

namespace cairn::plugins::docker {
namespace {

constexpr std::uint16_t kInsidePort = 8080;
constexpr const char* kProgram = "/cairn-proxy";
constexpr const char* kControl = "/run/cairn/control";
constexpr const char* kVersionLabel = "cairn.proxy-version";
constexpr unsigned kStopSeconds = 5;

Error proxyError(std::string message, std::string detail = {}) {
  return Error{
      .kind = ErrorKind::Failed,
      .code = "docker/proxy-failed",
      .message = std::move(message),
      .hint = "look at the proxy's log with `docker logs`; releasing again makes it anew if it is removed",
      .detail = std::move(detail)};
}

// The first 8 hex digits of its digest.
std::string shortDigest(const std::string& text) {
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  char out[9];
  sodium_bin2hex(out, sizeof out, digest, 4);
  return out;
}

// One for each engine: where the app moves to another one, its old proxy may still hold the old port.
std::filesystem::path portFile(const Call& call, const Engine& engine, const std::string& name) {
  return call.dataDir() / "proxies" / (name + "-" + shortDigest(engine.address().text) + ".port");
}

std::uint16_t rememberedPort(const Call& call, const Engine& engine, const std::string& name) {
  unsigned port = 0;
  std::ifstream(portFile(call, engine, name)) >> port;
  return static_cast<std::uint16_t>(port);
}

void rememberPort(const Call& call, const Engine& engine, const std::string& name, std::uint16_t port) {
  const std::filesystem::path file = portFile(call, engine, name);
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  std::ofstream(file) << port << "\n";
}

std::pair<std::string, std::uint16_t> boundAddress(const ContainerState& container) {
  const auto found = container.published.find(std::to_string(kInsidePort) + "/tcp");
  return found == container.published.end() ? std::pair<std::string, std::uint16_t>() : found->second;
}

std::uint16_t portOf(const sockaddr_storage& address) {
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

// What a listener on this machine would get: its port, or why there is none, an errno.
struct Bound {
  std::uint16_t port = 0;
  int error = 0;
};

Bound tryBind(const std::string& ip, std::uint16_t wanted) {
  addrinfo hints = {};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(ip.c_str(), std::to_string(wanted).c_str(), &hints, &found) != 0) return {0, EINVAL};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> address(found, ::freeaddrinfo);
  const int fd = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return {0, errno};
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_storage own = {};
  socklen_t size = sizeof own;
  const bool bound = ::bind(fd, address->ai_addr, address->ai_addrlen) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) == 0;
  const Bound out = bound ? Bound{portOf(own), 0} : Bound{0, errno};
  ::close(fd);
  return out;
}

// A port that is free here now. Given to the engine by number, since one that the engine chooses changes when
// the container restarts.
std::uint16_t freePort() {
  return tryBind("127.0.0.1", 0).port;
}

// Whether another program has the address that the proxy is to move to: told before the proxy that serves
// goes. Only the engine knows the rest: it may bind ports that its client may not.
Result<void> checkMove(const Engine& engine, const ContainerState& serving, const ProxyAddress& wanted) {
  const bool here = engine.address().text.rfind("unix://", 0) == 0;
  if (!here || !serving.running || wanted.port == boundAddress(serving).second ||
      tryBind(wanted.ip, wanted.port).error != EADDRINUSE) {
    return {};
  }
  return Error{.kind = ErrorKind::Failed,
               .code = "docker/port-in-use",
               .message = "can't move the app's address to " + wanted.ip + ":" + std::to_string(wanted.port) +
                          ": the port is taken",
               .hint = "choose another port, or 0 for any free one"};
}

Json proxySpec(wire::Deployment::Reader deployment, const std::string& imageId, const std::string& version,
               const ProxyAddress& address) {
  const std::string network = toString(deployment.getNetwork()), inside = std::to_string(kInsidePort);
  const Json labels = {{"cairn.role", "proxy"},
                       {kVersionLabel, version},
                       {"cairn.project", toString(deployment.getProject())},
                       {"cairn.app", toString(deployment.getApp())},
                       {"cairn.workspace", toString(deployment.getWorkspace())}};
  const Json bindings = {
      {inside + "/tcp", {{{"HostIp", address.ip}, {"HostPort", std::to_string(address.port)}}}}};
  const Json endpoint = {{"Aliases", {repositoryPartFrom(toString(deployment.getApp()))}}};
  return {{"Image", imageId},
          {"Cmd",
           {"serve", "--listen", "0.0.0.0:" + inside, "--control", kControl, "--state", "/state/state.json"}},
          {"Labels", labels},
          {"ExposedPorts", {{inside + "/tcp", Json::object()}}},
          {"HostConfig",
           {{"NetworkMode", network},
            {"PortBindings", bindings},
            {"RestartPolicy", {{"Name", "unless-stopped"}}}}},
          {"NetworkingConfig", {{"EndpointsConfig", {{network, endpoint}}}}}};
}

Result<Json> ask(const Engine& engine, const std::string& containerId, std::vector<std::string> words) {
  words.insert(words.begin(), kProgram);
  words.insert(words.begin() + 2, {"--control", kControl});
  const ExecAnswer answer = CAIRN_TRY(runInContainer(engine, containerId, words));
  Json json = Json::parse(answer.out, nullptr, false);
  if (answer.exitCode == 0 && json.is_object() && flagAt(json, "ok")) return json;
  std::string why = textAt(json, "error", textAt(json, "message"));
  if (why.empty()) why = answer.err.empty() ? answer.out : answer.err;
  return proxyError("the proxy refused: " + why);
}

bool isOfVersion(const ContainerState& container, const std::string& version) {
  const auto label = container.labels.find(kVersionLabel);
  return label != container.labels.end() && label->second == version;
}

bool fits(const ContainerState& container, const ProxyAddress& address, const std::string& network) {
  const auto [ip, port] = boundAddress(container);
  return container.running && ip == address.ip && (address.port == 0 || port == address.port) &&
         container.addresses.count(network) > 0;
}

// Waits until it answers. Errors: Failed "docker/proxy-failed" with its log.
Result<ContainerState> awaitProxy(const Call& call, const Engine& engine, const std::string& id,
                                  const std::string& name) {
  for (int tries = 0; tries < 100; ++tries) {
    const auto state = CAIRN_TRY(findContainer(engine, id));
    if (state && state->running && ask(engine, id, {"status"})) return *state;
    if (!state || !state->running || call.sleep(std::chrono::milliseconds(50))) break;
  }
  if (call.cancelled()) return call.cancelledError();
  std::string log;
  if (auto state = findContainer(engine.uncancelled(), id); state && *state) {
    (void)readLog(engine.uncancelled(), **state, {},
                  [&](const LogEntry& entry) { log += entry.text + "\n"; });
  }
  return proxyError("the proxy " + name + " did not start", log);
}

// What a new proxy is made for.
struct Place {
  wire::Deployment::Reader deployment;
  std::string name;
  std::string version;
  std::optional<ContainerState> old;
};

// Makes the successor and only then stops the old one. Leaves both where it fails.
Result<ContainerState> startSuccessor(const Call& call, const Engine& engine, const Place& place,
                                      const ProxyAddress& address) {
  const wire::Deployment::Reader deployment = place.deployment;
  const std::string image = CAIRN_TRY(ensureProxyImage(call, engine, place.version));
  CAIRN_TRY(ensureNetwork(engine, toString(deployment.getNetwork()), toString(deployment.getProject())));
  CAIRN_TRY(removeContainer(engine, successorOf(place.name), 0));  // of the try before
  const std::string id = CAIRN_TRY(
      createContainer(engine, successorOf(place.name), proxySpec(deployment, image, place.version, address)));
  if (place.old) CAIRN_TRY(stopContainer(engine, place.old->id, kStopSeconds));
  CAIRN_TRY(startContainer(engine, id));
  return awaitProxy(call, engine, id, place.name);
}

// The same where the port was chosen here: one that another program has taken is given up for a free one.
Result<ContainerState> startSuccessorAtFreePort(const Call& call, const Engine& engine, const Place& place,
                                                ProxyAddress& wanted) {
  const std::uint16_t before = wanted.port;
  for (int tries = 0;; ++tries) {
    if (tries > 0 || before == 0) wanted.port = freePort();
    auto started = startSuccessor(call, engine, place, wanted);
    if (started || started.error().code != "docker/port-in-use" || tries == 5) return started;
    if (tries == 0 && before != 0) {
      call.log(LogLevel::Warn, "port " + std::to_string(before) +
                                   ", which the app had, is taken by another "
                                   "program: the app gets another address");
    }
  }
}

// Takes back what startSuccessor() did.
void undoSuccession(const Call& call, const Engine& engine, const Place& place) {
  const auto undone =
      place.old ? settleSuccession(engine, place.name) : removeContainer(engine, successorOf(place.name), 0);
  if (!undone) call.log(LogLevel::Warn, place.name + " is not as it was: " + undone.error().message);
}

}  // namespace

std::string Proxy::nameFor(wire::Deployment::Reader deployment) {
  const std::string key = toString(deployment.getProject()) + '\n' + toString(deployment.getApp()) + '\n' +
                          toString(deployment.getWorkspace());
  return "cairn-proxy-" + repositoryPartFrom(toString(deployment.getApp())).substr(0, 40) + "-" +
         shortDigest(key);
}

Result<Proxy> Proxy::ensure(const Call& call, const Engine& engine, wire::Deployment::Reader deployment,
                            const ProxyAddress& address) {
  const std::string name = nameFor(deployment), version = CAIRN_TRY(proxyVersion(call));
  (void)settleSuccession(engine, name);  // where it can't be, what is left of it is replaced below
  const auto existing = CAIRN_TRY(findContainer(engine, name));
  const bool stays = existing && fits(*existing, address, toString(deployment.getNetwork()));
  if (stays && isOfVersion(*existing, version)) return Proxy(*existing);
  ProxyAddress wanted = address;
  const bool chosenHere = address.port == 0;
  if (chosenHere) wanted.port = rememberedPort(call, engine, name);
  if (chosenHere && existing && wanted.port == 0) wanted.port = boundAddress(*existing).second;
  if (existing && !chosenHere) CAIRN_TRY(checkMove(engine, *existing, wanted));
  if (stays) {
    call.log(LogLevel::Warn, name +
                                 " is of another version of Cairn and is replaced: for a moment its "
                                 "address answers nobody");
  }
  Step step = call.step("Starting the proxy");
  const Place place{deployment, name, version, existing};
  const auto served = existing && existing->running ? Proxy(*existing).status(engine) : ProxyStatus{};
  auto started = chosenHere ? startSuccessorAtFreePort(call, engine, place, wanted)
                            : startSuccessor(call, engine, place, wanted);
  // It leads where the old one led, which also serves a release that comes no further.
  if (started && served && !served->backend.empty())
    (void)Proxy(*started).switchTo(engine, served->backend, served->servedAs, std::chrono::seconds(0));
  const auto placed = started ? finishSuccession(engine.uncancelled(), name) : Result<void>(started.error());
  if (!placed) {
    undoSuccession(call, engine.uncancelled(), place);
    step.fail();
    return placed.error();
  }
  rememberPort(call, engine, name, wanted.port);
  started->name = name;
  return Proxy(std::move(*started));
}

Result<std::optional<Proxy>> Proxy::find(const Engine& engine, const std::string& name) {
  auto found = CAIRN_TRY(findContainer(engine, name));
  if (!found) return std::optional<Proxy>();
  return std::optional<Proxy>(Proxy(std::move(*found)));
}

Result<void> Proxy::switchTo(const Engine& engine, const std::string& backend, const std::string& servedAs,
                             std::chrono::seconds drain) const {
  CAIRN_TRY(ask(engine, container_.id,
                {"switch", "--backend", backend, "--deployment", servedAs, "--drain-timeout",
                 std::to_string(drain.count())}));
  return {};
}

Result<ProxyStatus> Proxy::status(const Engine& engine) const {
  const Json json = CAIRN_TRY(ask(engine, container_.id, {"status"}));
  return ProxyStatus{textAt(json, "deployment"), textAt(json, "backend")};
}

std::string Proxy::url(const Engine& engine) const {
  return publishedUrl(engine, container_, kInsidePort);
}

void forgetProxyPort(const Call& call, const Engine& engine, const std::string& name) {
  std::error_code ignored;
  std::filesystem::remove(portFile(call, engine, name), ignored);
}

}  // namespace cairn::plugins::docker
