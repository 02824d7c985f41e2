#pragma once
// The container in front of an app's deployments: one for each project, app and workspace, with an address
// that stays.
//
// Its image holds the static program cairn-proxy alone and is built by the engine from the plugin's own
// bundle. It is told where to lead by running the same program in it.

#include "containers.h"
#include "docker/docker.capnp.h"

#include <cairn/call.h>

namespace cairn::plugins::docker {

struct ProxyAddress {
  std::string ip;
  std::uint16_t port = 0;  // 0: a free one, which is then remembered
};

struct ProxyStatus {
  std::string servedAs;  // what the last switch was called; empty before the first
  std::string backend;   // "172.18.0.3:8080"
};

class Proxy {
 public:
  // "cairn-proxy-<app>-<8 hex digits>", the same for every release of the app in the workspace.
  static std::string nameFor(wire::Deployment::Reader deployment);

  // Makes it, or leaves it as it is when it already runs at this address and is of this Cairn's version; one
  // that has to be replaced keeps its port, but answers nobody for a moment; where its successor fails, it
  // serves again. A port that was chosen here and is taken by another program meanwhile is given up for a
  // free one, with a warning.
  //
  // Errors: Failed "docker/port-in-use", "docker/proxy-failed"; those of a build.
  static Result<Proxy> ensure(const Call& call, const Engine& engine, wire::Deployment::Reader deployment,
                              const ProxyAddress& address);
  // None where it is not there.
  static Result<std::optional<Proxy>> find(const Engine& engine, const std::string& name);

  // Leads new requests to `backend` and waits until those under way at the old one have ended.
  Result<void> switchTo(const Engine& engine, const std::string& backend, const std::string& servedAs,
                        std::chrono::seconds drain) const;
  Result<ProxyStatus> status(const Engine& engine) const;

  const ContainerState& container() const { return container_; }
  std::string url(const Engine& engine) const;

 private:
  explicit Proxy(ContainerState container) : container_(std::move(container)) {}
  ContainerState container_;
};

// Forgets the port that was chosen for the proxy of this name in this engine.
void forgetProxyPort(const Call& call, const Engine& engine, const std::string& name);

}  // namespace cairn::plugins::docker
