#pragma once
// The plugin broker: starts plugins, one process for all components of a plugin, calls them, and ends them.

#include <cairn/base/result.h>
#include <cairn/manifest.capnp.h>
#include <host/broker/call_host.h>
#include <host/broker/call_session.h>
#include <host/broker/catalog.h>
#include <host/broker/invocation.h>
#include <host/broker/plugin_process.h>
#include <host/broker/work_folder.h>

#include <kj/async-io.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::host {

struct BrokerOptions {
  std::string hostVersion;
  std::filesystem::path cacheFolder;  // manifests/ and plugins/<name>/ below it
  std::filesystem::path dataFolder;   // data/<plugin> of the state folder
  kj::Duration helloDeadline = 10 * kj::SECONDS;
  kj::Duration cancelGrace = 5 * kj::SECONDS;  // then the process is killed
};

// All methods on the host's loop thread, which must live as long as the broker: a plugin dies with the thread
// that started it. A promise of a call that is dropped leaves the call running; it is cancelled through
// CallLimits.
class Broker {
 public:
  Broker(kj::AsyncIoContext& io, BrokerOptions options);
  ~Broker() noexcept(false);  // kills what still runs; call stop() before

  // Called with each line that a plugin prints; one that is too long is cut by `cut`.
  void setOutputSink(PluginOutputSink sink, SafeCut cut = {}) {
    sink_ = kj::mv(sink);
    cut_ = std::move(cut);
  }

  // The plugin's digest and manifest. Starts the plugin only when no manifest is cached for the digest.
  kj::Promise<Result<LocatedPlugin>> inspect(Bundle bundle);

  // Starts the plugin unless it runs, and agrees with it. Concurrent callers share one start.
  //
  // Errors: those of the start and of hello; plugin-changed when the bundle or its manifest is not the one
  // `plugin` says.
  kj::Promise<Result<void>> start(const LocatedPlugin& plugin);

  // Before the first act. `unknown` are dotted settings that only a later stage fills.
  kj::Promise<Result<std::vector<Error>>> check(const LocatedPlugin& plugin, Invocation invocation,
                                                std::vector<std::string> unknown, CallHost& host,
                                                CallScope scope, CallLimits limits);
  kj::Promise<Result<CallAnswer>> run(const LocatedPlugin& plugin, Invocation invocation, CallHost& host,
                                      CallScope scope, CallLimits limits);

  // Asks all plugins to end and waits for them.
  kj::Promise<void> stop();

  // The plugin's own folders.
  std::filesystem::path cacheDirOf(const std::string& plugin) const;
  std::filesystem::path dataDirOf(const std::string& plugin) const;
  const ManifestCache& manifests() const { return manifests_; }
  // Plugins that were started and have not died.
  std::size_t processCount() const;

 private:
  using Process = kj::Own<PluginProcess>;

  // A start, once for all who ask at the same time. Those who wait for it don't need the entry: another start
  // may take its place meanwhile.
  struct Entry {
    kj::Maybe<Process> process;
    std::optional<Error> error;                                 // why there is none
    kj::Maybe<kj::ForkedPromise<Result<std::string>>> started;  // what hello answered
  };
  struct Launched {
    Process process;
    std::string manifestDigest;  // as hello said
  };

  kj::Promise<Result<Launched>> launch(const Bundle& bundle, const std::string& digest,
                                       std::vector<std::string> environment);
  bool hasStarted(const LocatedPlugin& plugin) const;  // else launch() starts it
  kj::Promise<Result<Process>> processFor(const LocatedPlugin& plugin);
  kj::Promise<Result<std::shared_ptr<const Manifest>>> fetchManifest(Process process, std::string digest,
                                                                     std::string helloDigest);

  // Adds the deadline, the cancel and what happens when either is ignored to a call that was sent.
  template <typename T>
  kj::Promise<Result<T>> supervise(Process process, std::uint64_t callId, kj::Promise<Result<T>> answer,
                                   kj::Own<CallSession> session, std::string title, CallLimits limits);
  // Sends the call and supervises it: what check() and run() share.
  template <typename T, typename Request, typename Read>
  kj::Promise<Result<T>> call(Process process, Request request, CallHost& host, CallScope scope,
                              CallLimits limits, Read read);

  // The folder below which calls have their own.
  Result<std::filesystem::path> workFolder();

  kj::AsyncIoContext& io_;
  BrokerOptions options_;
  ManifestCache manifests_;
  PluginOutputSink sink_;
  SafeCut cut_;
  std::uint64_t nextCall_ = 1;
  kj::Own<WorkFolder> workFolder_;                 // made by the first call
  std::map<std::string, kj::Own<Entry>> entries_;  // by bundle digest and executable
};

}  // namespace cairn::host
