#pragma once
// One running plugin: its process, its connection, what it printed, and how it died.

#include <cairn/base/result.h>
#include <cairn/plugin.capnp.h>
#include <host/broker/catalog.h>
#include <host/broker/process_output.h>
#include <host/broker/spawn.h>

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <kj/async-unix.h>
#include <kj/refcount.h>

#include <string>

namespace cairn::host {

// Called with each line that a plugin prints: its name, the stream, the line.
using PluginOutputSink = kj::Function<void(kj::StringPtr plugin, bool isStderr, kj::StringPtr line)>;

class PluginProcess : public kj::Refcounted {
 public:
  // Starts the bundle's executable. It is ready for calls after hello(). The sink must outlive the process.
  static Result<kj::Own<PluginProcess>> start(const Bundle& bundle, const ProcessEnvironment& environment,
                                              kj::AsyncIoContext& io, PluginOutputSink& sink,
                                              const SafeCut& cut);
  // start() calls it.
  PluginProcess(const Bundle& bundle, SpawnedPlugin&& spawned, kj::AsyncIoContext& io, PluginOutputSink& sink,
                const SafeCut& cut);
  // Kills the process and its group.
  ~PluginProcess() noexcept(false) override;

  // Agrees on the protocol. Errors: plugin-no-hello (it said nothing in time), plugin-protocol (no major in
  // common), plugin-died, plugin-garbage. Answers the digest of the plugin's manifest.
  kj::Promise<Result<std::string>> hello(kj::StringPtr hostVersion, kj::Duration deadline);

  // Asks for its manifest. Errors: plugin-no-manifest (it did not answer in time) and those of the call.
  kj::Promise<Result<std::shared_ptr<const Manifest>>> manifest(kj::Duration deadline);

  wire::Plugin::Client& client() { return client_; }
  const std::string& name() const { return name_; }
  bool dead() const { return dead_; }

  // `call`, or why it can't end: the plugin died, closed its channel or wrote garbage on it. `title` says
  // which call, for people.
  template <typename T>
  kj::Promise<Result<T>> guard(kj::Promise<Result<T>> call, std::string title) {
    return call
        .catch_([this, title](kj::Exception&& exception) {
          return explain(kj::mv(exception), title).then([](Error error) -> Result<T> { return error; });
        })
        .exclusiveJoin(died_.addBranch().then([this, title]() -> Result<T> { return deathError(title); }))
        .attach(kj::addRef(*this));
  }

  // Ends the process at once; calls in flight fail with `because`.
  void kill(std::string because);
  // Closes the channel, which asks it to end, and waits; kills it after the grace.
  kj::Promise<void> stop(kj::Duration grace);

 private:
  kj::Promise<void> watch();
  kj::Promise<void> readOutput(kj::AsyncInputStream& stream, bool isStderr);
  // What an exception of a call means; waits a moment for the process's end, which says more.
  kj::Promise<Error> explain(kj::Exception exception, std::string title);
  Error saidError(const kj::Exception& exception, const std::string& title) const;
  Error tooLarge(const std::string& title) const;
  Error channelError(const kj::Exception& exception, const std::string& title) const;
  Error deathError(const std::string& title) const;
  void signalAll();  // kills it and its group, unless it was reaped
  void reap();
  bool hasEnded() const;  // also before its end was heard of

  std::string name_;
  SpawnedPlugin spawned_;
  kj::Timer& timer_;
  PluginOutputSink& sink_;
  SafeCut cut_;
  OutputTail tail_;
  std::string exit_;  // "exited with status 3"
  std::string killedBecause_;
  bool killedFromOutside_ = false;
  bool dead_ = false;
  bool channelClosed_ = false;

  kj::Own<kj::AsyncInputStream> out_;
  kj::Own<kj::AsyncInputStream> err_;
  kj::ForkedPromise<void> outputEnded_;
  kj::UnixEventPort::FdObserver observer_;
  kj::ForkedPromise<void> died_;

  kj::Own<kj::AsyncCapabilityStream> stream_;
  kj::Own<capnp::TwoPartyVatNetwork> network_;
  kj::Own<capnp::RpcSystem<capnp::rpc::twoparty::VatId>> rpc_;
  wire::Plugin::Client client_;
  kj::Promise<void> channelEnd_;
};

}  // namespace cairn::host
