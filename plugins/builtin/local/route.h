#pragma once
// An app's stable address: the proxy that keeps it, and what is remembered of it.
//
//   <data>/routes/<project>/<app>/<workspace>/   route.json   state.json (the proxy's)   control (a socket)

#include <cairn/call.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::plugins::local {

struct RouteKey {
  std::string project;
  std::string app;
  std::string workspace;
};

// What the living proxy says.
struct ProxyStatus {
  std::string address;
  std::string backend;
  std::string deployment;
};

class Route {
 public:
  // Reads what is remembered; all zero where there is nothing. Changes are kept by save().
  Route(const Call& call, const RouteKey& key);

  std::uint16_t port = 0;  // 0: none was chosen yet
  std::uint64_t turn = 0;  // how often it was switched
  int pid = 0;             // the proxy's, with its start time
  std::uint64_t startTime = 0;
  std::string output;  // the file its stdout and stderr go to

  Result<void> save() const;
  // Forgets it all. Errors: local/folder-not-removed.
  Result<void> remove() const;

  // The name of the proxy in Call::startService().
  std::string service() const { return "proxy-" + name_; }
  // Of the resource in the journal that stands for the switch with this turn.
  std::string switchName(std::uint64_t turn) const { return name_ + "#" + std::to_string(turn); }
  std::string url() const;

  std::optional<ProxyStatus> liveProxy(const Call& call) const;
  // Makes sure that a proxy runs on `wantedPort` (0: the one it had, else a free one). Errors:
  // local/port-in-use, local/proxy-failed.
  Result<void> ensureProxy(const Call& call, std::uint16_t wantedPort);
  // The next request goes to `backend`; returns once the deployment before has nothing in flight, or the time
  // is up. Errors: local/proxy-failed.
  Result<void> switchTo(const Call& call, const std::string& backend, const std::string& deployment,
                        std::uint32_t drainTimeoutMs) const;
  // Ends the proxy; requests under way may finish.
  Result<void> stopProxy(const Call& call);

 private:
  Result<void> startProxy(const Call& call, std::uint16_t wantedPort);
  Result<std::uint16_t> choosePort(const Call& call, std::uint16_t wantedPort) const;
  // At `port`.
  Result<void> openProxy(const Call& call);
  Result<void> waitForProxy(const Call& call) const;
  std::filesystem::path control() const { return folder_ / "control"; }

  std::filesystem::path root_;
  std::filesystem::path folder_;
  std::string name_;  // "shop.web.prod"
};

// The route whose proxy the process is; none when it is of no route of this plugin.
std::optional<RouteKey> routeOfProxy(const Call& call, int pid);

}  // namespace cairn::plugins::local
