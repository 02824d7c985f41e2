#include "proxy.h"

#include "connection.h"
#include "container_exec.h"
#include "image_reference.h"
#include "networks.h"
#include "proxy_image.h"

#include <sodium.h>
#include <nlohmann/json.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

namespace cairn::plugins::docker {
namespace {

constexpr std::uint16_t kInsidePort = 8080;
constexpr const char* kProgram = "/cairn-proxy";
constexpr const char* kControl = "/run/cairn/control";
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

// The port that a listener on this machine would get; 0 where it would get none.
std::uint16_t bindablePort(const std::string& ip, std::uint16_t wanted) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(wanted);
  ::inet_pton(AF_INET, ip.c_str(), &address.sin_addr);
  socklen_t size = sizeof address;
  const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(fd);
  return bound ? ntohs(address.sin_port) : 0;
}

// A port that is free here now. Given to the engine by number, since one that the engine chooses changes when
// the container restarts.
std::uint16_t freePort() {
  return bindablePort("127.0.0.1", 0);
}

// Whether another program has the address that the proxy is to move to: told before the proxy that serves
// goes.
Result<void> checkMove(const Engine& engine, const ContainerState& serving, const ProxyAddress& wanted) {
  const bool here = engine.address().text.rfind("unix://", 0) == 0;
  if (!here || !serving.running || wanted.port == 0 || wanted.port == boundAddress(serving).second ||
      bindablePort(wanted.ip, wanted.port) != 0) {
    return {};
  }
  return Error{.kind = ErrorKind::Failed,
               .code = "docker/port-in-use",
               .message = "can't move the app's address to " + wanted.ip + ":" + std::to_string(wanted.port) +
                          ": the port is taken",
               .hint = "choose another port, or 0 for any free one"};
}

Json proxySpec(wire::Deployment::Reader deployment, const std::string& imageId, const ProxyAddress& address) {
  const std::string network = toString(deployment.getNetwork()), inside = std::to_string(kInsidePort);
  const Json labels = {{"cairn.role", "proxy"},
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
  if (answer.exitCode == 0 && json.is_object() && json.value("ok", false)) return json;
  std::string why = json.is_object() ? json.value("error", json.value("message", "")) : "";
  if (why.empty()) why = answer.err.empty() ? answer.out : answer.err;
  return proxyError("the proxy refused: " + why);
}

bool fits(const ContainerState& container, const ProxyAddress& address, const std::string& network) {
  const auto [ip, port] = boundAddress(container);
  return container.running && ip == address.ip && (address.port == 0 || port == address.port) &&
         container.addresses.count(network) > 0;
}

Result<ContainerState> startProxy(const Call& call, const Engine& engine, wire::Deployment::Reader deployment,
                                  const std::string& name, const ProxyAddress& address) {
  const std::string image = CAIRN_TRY(ensureProxyImage(call, engine));
  CAIRN_TRY(ensureNetwork(engine, toString(deployment.getNetwork()), toString(deployment.getProject())));
  const std::string id = CAIRN_TRY(createContainer(engine, name, proxySpec(deployment, image, address)));
  if (auto started = startContainer(engine, id); !started) {
    (void)removeContainer(engine.uncancelled(), id, 0);
    return std::move(started).error();
  }
  for (int tries = 0; tries < 100; ++tries) {
    const auto state = CAIRN_TRY(findContainer(engine, id));
    if (state && state->running && ask(engine, id, {"status"})) return *state;
    if (!state || !state->running || call.sleep(std::chrono::milliseconds(50))) break;
  }
  std::string log;
  if (auto state = findContainer(engine.uncancelled(), id); state && *state) {
    (void)readLog(engine.uncancelled(), **state, {},
                  [&](const LogEntry& entry) { log += entry.text + "\n"; });
  }
  (void)removeContainer(engine.uncancelled(), id, 0);
  if (call.cancelled()) return call.cancelledError();
  return proxyError("the proxy " + name + " did not start", log);
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
  const std::string name = nameFor(deployment);
  const auto existing = CAIRN_TRY(findContainer(engine, name));
  if (existing && fits(*existing, address, toString(deployment.getNetwork()))) return Proxy(*existing);
  ProxyAddress wanted = address;
  if (wanted.port == 0) wanted.port = rememberedPort(call, engine, name);
  const bool chosenHere = wanted.port == 0;
  if (existing) CAIRN_TRY(checkMove(engine, *existing, wanted));
  Step step = call.step("Starting the proxy");
  if (existing) CAIRN_TRY(removeContainer(engine, name, kStopSeconds));
  for (int tries = 0;; ++tries) {
    if (chosenHere) wanted.port = freePort();
    auto started = startProxy(call, engine, deployment, name, wanted);
    if (started) {
      rememberPort(call, engine, name, wanted.port);
      return Proxy(std::move(*started));
    }
    if (chosenHere && started.error().code == "docker/port-in-use" && tries < 5) continue;
    step.fail();
    return std::move(started).error();
  }
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
  auto text = [&](const char* key) {
    return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
  };
  return ProxyStatus{text("deployment"), text("backend")};
}

std::string Proxy::url(const Engine& engine) const {
  return publishedUrl(engine, container_, kInsidePort);
}

void forgetProxyPort(const Call& call, const Engine& engine, const std::string& name) {
  std::error_code ignored;
  std::filesystem::remove(portFile(call, engine, name), ignored);
}

}  // namespace cairn::plugins::docker
