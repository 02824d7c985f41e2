#pragma once
// The plugin's end of the protocol: wire::Plugin over a Definition.

#include "sdk/src/call_channel.h"
#include "sdk/src/manifest.h"
#include "sdk/src/worker_pool.h"

#include <cairn/plugin.capnp.h>

#include <kj/async.h>

#include <map>
#include <optional>

namespace cairn::detail {

// Lives on one event loop's thread. The pool outlives it, and the loop outlives the pool.
class PluginServer final : public wire::Plugin::Server {
 public:
  PluginServer(const Plugin::Definition& definition, std::filesystem::path bundleDir, WorkerPool& workers);

  void cancelAll();
  bool idle() const { return calls_.empty(); }

  kj::Promise<void> hello(HelloContext context) override;
  kj::Promise<void> manifest(ManifestContext context) override;
  kj::Promise<void> check(CheckContext context) override;
  kj::Promise<void> run(RunContext context) override;
  kj::Promise<void> map(MapContext context) override;
  kj::Promise<void> cancel(CancelContext context) override;

 private:
  struct Request;
  struct Finished;
  const BuiltManifest& built();
  kj::Promise<kj::Own<Finished>> invoke(const Function& function, Request request);
  kj::Promise<void> answer(const Function& function, Request request,
                           kj::Function<wire::Outcome::Builder()> initOutcome);
  void fill(const Function& function, const Finished& finished, wire::Outcome::Builder outcome);

  const Plugin::Definition& definition_;
  std::filesystem::path bundleDir_;
  WorkerPool& workers_;
  std::optional<BuiltManifest> manifest_;
  std::multimap<std::uint64_t, CallChannel*> calls_;
};

}  // namespace cairn::detail
