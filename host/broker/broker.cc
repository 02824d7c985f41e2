#include "host/broker/broker.h"

#include "host/broker/call_answer.h"
#include "host/broker/digest.h"

#include <utility>

namespace cairn::host {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> textsOf(capnp::List<capnp::Text>::Reader list) {
  std::vector<std::string> out;
  for (auto text : list) out.emplace_back(text.cStr());
  return out;
}

Error changedSincePlan(const std::string& name, const std::string& what) {
  return Error{ErrorKind::Refused,
               "plugin-changed",
               "the plugin \"" + name + "\" changed after the plan was made: " + what,
               "plan again",
               {}};
}

}  // namespace

Broker::Broker(kj::AsyncIoContext& io, BrokerOptions options)
    : io_(io),
      options_(std::move(options)),
      manifests_(options_.cacheFolder / "manifests"),
      sink_([](kj::StringPtr, bool, kj::StringPtr) {}) {}

Broker::~Broker() noexcept(false) = default;

fs::path Broker::cacheDirOf(const std::string& plugin) const {
  return options_.cacheFolder / "plugins" / plugin;
}
fs::path Broker::dataDirOf(const std::string& plugin) const {
  return options_.dataFolder / plugin;
}

std::size_t Broker::processCount() const {
  std::size_t count = 0;
  for (const auto& [key, entry] : entries_) {
    KJ_IF_MAYBE (process, entry->process) count += (*process)->dead() ? 0 : 1;
  }
  return count;
}

kj::Promise<Result<Broker::Launched>> Broker::launch(const Bundle& bundle, const std::string& digest,
                                                     std::vector<std::string> environment) {
  auto& slot = entries_[digest + bundle.executable.string()];
  if (slot.get() != nullptr) {
    KJ_IF_MAYBE (process, slot->process) {
      if ((*process)->dead()) slot = nullptr;  // start it anew
    }
  }
  if (slot.get() == nullptr) {
    slot = kj::heap<Entry>();
    auto started = PluginProcess::start(bundle, pluginEnvironment(environment), io_, sink_, cut_);
    if (!started) {
      slot->error = std::move(started).error();
    } else {
      slot->started = (*started)->hello(options_.hostVersion, options_.helloDeadline).fork();
      slot->process = kj::mv(*started);
    }
  }
  if (slot->error) return Result<Launched>(*slot->error);
  auto& started = KJ_ASSERT_NONNULL(slot->started);
  return started.addBranch().then([process = kj::addRef(*KJ_ASSERT_NONNULL(slot->process))](
                                      Result<std::string> said) mutable -> Result<Launched> {
    if (!said) return std::move(said).error();
    return Launched{kj::mv(process), std::move(*said)};
  });
}

kj::Promise<Result<LocatedPlugin>> Broker::inspect(Bundle bundle) {
  auto digested = bundleDigest(bundle, manifests_.folder());
  if (!digested) return Result<LocatedPlugin>(std::move(digested).error());
  LocatedPlugin plugin{std::move(bundle), *digested, manifests_.find(*digested)};
  if (plugin.manifest) return Result<LocatedPlugin>(std::move(plugin));

  auto fetched =
      launch(plugin.bundle, plugin.digest, {})
          .then([this, digest = plugin.digest](
                    Result<Launched> launched) -> kj::Promise<Result<std::shared_ptr<const Manifest>>> {
            if (!launched) return Result<std::shared_ptr<const Manifest>>(std::move(launched).error());
            return fetchManifest(kj::mv(launched->process), digest, launched->manifestDigest);
          });
  return fetched.then([this, plugin = std::move(plugin)](
                          Result<std::shared_ptr<const Manifest>> manifest) mutable -> Result<LocatedPlugin> {
    if (!manifest) return std::move(manifest).error();
    plugin.manifest = *manifest;
    // It was started without the variables that its manifest asks for: the next start has them.
    if (plugin.manifest->reader().getNeeds().getEnvironment().size() > 0) {
      entries_.erase(plugin.digest + plugin.bundle.executable.string());
    }
    return std::move(plugin);
  });
}

kj::Promise<Result<std::shared_ptr<const Manifest>>> Broker::fetchManifest(Process process,
                                                                           std::string digest,
                                                                           std::string helloDigest) {
  auto& plugin = *process;
  auto fetched =
      plugin.manifest(options_.helloDeadline)
          .then([this, digest, helloDigest,
                 name = plugin.name()](Result<std::shared_ptr<const Manifest>> manifest)
                    -> Result<std::shared_ptr<const Manifest>> {
            if (!manifest) return manifest;
            if ((*manifest)->digest() != helloDigest) {
              return Error{ErrorKind::Internal,
                           "manifest-garbage",
                           "the plugin \"" + name + "\" sent another manifest than its hello announced",
                           kMistakeOfPlugin,
                           {}};
            }
            manifests_.put(digest, **manifest);
            return *manifest;
          });
  return fetched.attach(kj::mv(process));
}

bool Broker::hasStarted(const LocatedPlugin& plugin) const {
  auto found = entries_.find(plugin.digest + plugin.bundle.executable.string());
  if (found == entries_.end()) return false;
  KJ_IF_MAYBE (process, found->second->process) return !(*process)->dead();
  return true;  // the start failed, and is not tried again
}

kj::Promise<Result<Broker::Process>> Broker::processFor(const LocatedPlugin& plugin) {
  if (!hasStarted(plugin)) {
    // What is about to be started must be what the plan was made with.
    auto now = bundleDigest(plugin.bundle, manifests_.folder());
    if (!now) return Result<Process>(std::move(now).error());
    if (*now != plugin.digest) {
      return Result<Process>(
          changedSincePlan(plugin.bundle.name, plugin.bundle.executable.string() + " is another build"));
    }
  }
  return launch(plugin.bundle, plugin.digest, textsOf(plugin.manifest->reader().getNeeds().getEnvironment()))
      .then([this, name = plugin.bundle.name, digest = plugin.digest,
             manifest = plugin.manifest](Result<Launched> launched) -> Result<Process> {
        if (!launched) return std::move(launched).error();
        if (launched->manifestDigest != manifest->digest()) {
          manifests_.forget(digest);  // the next plan asks the plugin again
          return changedSincePlan(name, "its manifest is another one");
        }
        return kj::mv(launched->process);
      });
}

kj::Promise<Result<void>> Broker::start(const LocatedPlugin& plugin) {
  return processFor(plugin).then([](Result<Process> process) -> Result<void> {
    if (!process) return std::move(process).error();
    return {};
  });
}

kj::Promise<void> Broker::stop() {
  auto stopped = kj::heapArrayBuilder<kj::Promise<void>>(entries_.size());
  for (auto& [key, entry] : entries_) {
    KJ_IF_MAYBE (process, entry->process) {
      stopped.add((*process)->stop(2 * kj::SECONDS));
    } else {
      stopped.add(kj::READY_NOW);
    }
  }
  return kj::joinPromises(stopped.finish()).then([this] { entries_.clear(); });
}

}  // namespace cairn::host
