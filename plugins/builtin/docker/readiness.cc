#include "readiness.h"

#include "connection.h"
#include "engine_http.h"
#include "engine_socket.h"

namespace cairn::plugins::docker {
namespace {

using Kind = wire::Probe::Kind;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kHttpTry{5000};
constexpr milliseconds kTcpStays{200};
constexpr const char* kAnswered = " answered ";

Result<EngineAddress> addressOf(const std::string& url) {
  EngineAddress out = CAIRN_TRY(parseEngineAddress("tcp://" + url.substr(url.find("://") + 3), ""));
  out.peer = "the app";
  return out;
}

Kind chooseKind(Kind wanted, const std::string& url, const std::string& path, bool listens,
                bool hasHealthcheck) {
  if (wanted != Kind::AUTO) return wanted;
  if (hasHealthcheck) return Kind::HEALTHCHECK;
  if (url.empty()) return Kind::NONE;
  if (!path.empty()) return Kind::HTTP;
  return listens ? Kind::TCP : Kind::NONE;
}

Error exitedError(const ContainerState& state) {
  std::string how = "with code " + std::to_string(state.exitCode);
  if (state.outOfMemory) how += ": it was out of memory";
  return Error{.kind = ErrorKind::Failed,
               .code = "docker/container-exited",
               .message = "the container " + state.name + " ended " + how + " before it was ready",
               .hint = state.outOfMemory ? "give it more memory" : "the end of its log says why"};
}

const char* probeHint(Kind kind, const std::string& reason) {
  if (kind == Kind::HEALTHCHECK)
    return "run the image's HEALTHCHECK by hand, or set probe.kind to \"http\" or \"tcp\"";
  if (reason.find(kAnswered) != std::string::npos)
    return "the app runs and answers: set probe.path to what it answers with 200 to 399, or mend it";
  return "the app must listen on 0.0.0.0 at the port in PORT; probe sets what is asked, and how long";
}

Error probeError(const ContainerState& state, Kind kind, const std::string& reason) {
  return Error{.kind = ErrorKind::Failed,
               .code = "docker/probe-failed",
               .message = "the container " + state.name + " did not become ready: " + reason,
               .hint = probeHint(kind, reason)};
}

// Empty when ready.
std::string tryOnce(const Call& call, Kind kind, const ContainerState& state, const std::string& url,
                    const std::string& path, milliseconds running, milliseconds settle) {
  switch (kind) {
    case Kind::HEALTHCHECK:
      return state.health == "healthy"
                 ? ""
                 : "its HEALTHCHECK says " + (state.health.empty() ? "nothing" : state.health);
    case Kind::HTTP:
      return probeHttp(url, path.empty() ? "/" : path, call.cancelFd());
    case Kind::TCP:
      return probeTcp(url, call.cancelFd());
    default:
      return running >= settle ? "" : "it has run for too short a time";
  }
}

}  // namespace

std::string probeHttp(const std::string& url, const std::string& path, int cancelFd) {
  const auto address = addressOf(url);
  if (!address) return address.error().message;
  auto exchange = HttpExchange::send(*address, {.target = path, .headers = {{"Connection", "close"}}},
                                     cancelFd, kHttpTry);
  if (!exchange) return "GET " + url + path + " got no answer: " + exchange.error().message;
  const unsigned status = (*exchange)->status();
  return status >= 200 && status < 400 ? "" : "GET " + url + path + kAnswered + std::to_string(status);
}

std::string probeTcp(const std::string& url, int cancelFd) {
  const auto address = addressOf(url);
  if (!address) return address.error().message;
  auto socket = EngineSocket::connect(*address, cancelFd, kTcpStays);
  if (!socket) return socket.error().message;
  char byte;
  boost::system::error_code error;
  socket->readSome(&byte, 1, error);
  const bool stays = !error || error.value() == ETIMEDOUT;
  return stays ? "" : "nobody listens behind " + url;
}

Result<void> waitUntilReady(const Call& call, const Engine& engine, const std::string& containerId,
                            const std::string& url, bool listens, bool hasHealthcheck,
                            wire::Probe::Reader probe) {
  const std::string path = toString(probe.getPath());
  const Kind kind = chooseKind(probe.getKind(), url, path, listens, hasHealthcheck);
  const milliseconds settle(probe.getSettleMs());
  const auto start = Clock::now();
  for (unsigned tries = 1;; ++tries) {
    const auto found = CAIRN_TRY(findContainer(engine, containerId));
    const auto running = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
    if (!found) return probeError({.name = containerId}, kind, "somebody removed it");
    if (!found->running) return exitedError(*found);
    if ((kind == Kind::HTTP || kind == Kind::TCP) && url.empty())
      return probeError(*found, kind, "it is not published, so that it can't be asked");
    const std::string reason = tryOnce(call, kind, *found, url, path, running, settle);
    if (reason.empty()) return {};
    if (found->health == "unhealthy" && kind == Kind::HEALTHCHECK) return probeError(*found, kind, reason);
    if (probe.getRetries() > 0 && tries > probe.getRetries()) {
      return probeError(*found, kind, reason + " (" + std::to_string(tries) + " tries)");
    }
    if (running >= milliseconds(probe.getTimeoutMs())) {
      return probeError(*found, kind, reason + " (for " + std::to_string(running.count() / 1000) + " s)");
    }
    if (call.sleep(milliseconds(std::max(probe.getIntervalMs(), 10u)))) return call.cancelledError();
  }
}

}  // namespace cairn::plugins::docker
