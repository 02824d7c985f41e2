#include "host/broker/broker.h"

#include "host/broker/digest.h"
#include "host/broker/duration_text.h"
#include "host/broker/work_folder.h"

#include <utility>

namespace cairn::host {
namespace fs = std::filesystem;
namespace {

// A call as its answer is judged: who was asked for what.
struct Asked {
  std::string plugin;
  std::string title;
  std::uint64_t output = 0;  // the type that the manifest promises; 0: none
  std::string outputName;
};

const char kAuthor[] = "this is a mistake of the plugin: report it to its author";

Error firstOf(capnp::List<wire::Diagnostic>::Reader diagnostics, ErrorKind otherwise, const Asked& asked) {
  kj::Maybe<Error> main;
  for (auto diagnostic : diagnostics) {
    if (diagnostic.getSeverity() != wire::Diagnostic::Severity::ERROR) continue;
    Error error = readDiagnostic(diagnostic);
    KJ_IF_MAYBE (first, main) {
      first->detail += (first->detail.empty() ? "" : "\n") + error.message;
    } else {
      main = std::move(error);
    }
  }
  KJ_IF_MAYBE (error, main) return std::move(*error);
  return Error{otherwise,
               "plugin-gave-no-reason",
               "the plugin \"" + asked.plugin + "\" " +
                   (otherwise == ErrorKind::Refused ? "refused" : "failed") + " the " + asked.title +
                   " and gave no reason",
               "run it with -v to see what it prints, and report it to its author",
               {}};
}

Result<Value> readAnswer(wire::Value::Reader reader, const Asked& asked) {
  auto value = readValue(reader);
  if (!value) {
    Error error = std::move(value).error();
    if (error.hint.empty()) error.hint = kAuthor;
    return std::move(error).context("reading what the plugin \"" + asked.plugin + "\" answered to the " +
                                    asked.title);
  }
  if (value->typeId == asked.output) return value;
  return Error{ErrorKind::Internal,
               "wrong-type-returned",
               "the plugin \"" + asked.plugin + "\" answered the " + asked.title + " with " +
                   (value->empty() ? "nothing" : "a " + value->typeName) + ", its manifest promises " +
                   (asked.output == 0 ? "nothing" : "a " + asked.outputName),
               kAuthor,
               {}};
}

Result<CallAnswer> readOutcome(wire::Outcome::Reader outcome, const Asked& asked) {
  if (outcome.isRefused()) {
    Error error = firstOf(outcome.getDiagnostics(), ErrorKind::Refused, asked);
    error.kind = ErrorKind::Refused;
    return error;
  }
  if (!outcome.isOk()) return firstOf(outcome.getDiagnostics(), ErrorKind::Failed, asked);
  CallAnswer answer;
  answer.value = CAIRN_TRY(readAnswer(outcome.getOk(), asked));
  for (auto diagnostic : outcome.getDiagnostics()) answer.warnings.push_back(readDiagnostic(diagnostic));
  return answer;
}

template <typename List>
void writeValues(const std::vector<Value>& values, List list) {
  for (std::size_t i = 0; i < values.size(); ++i) writeValue(values[i], list[i]);
}

std::vector<std::string> textsOf(capnp::List<capnp::Text>::Reader list) {
  std::vector<std::string> out;
  for (auto text : list) out.emplace_back(text.cStr());
  return out;
}

Asked askedOf(const LocatedPlugin& plugin, const Invocation& invocation, const std::string& title) {
  Asked asked{plugin.bundle.name, title, 0, {}};
  const Manifest& manifest = *plugin.manifest;
  if (!invocation.mapper.empty()) {
    for (auto mapper : manifest.reader().getMappers()) {
      if (mapper.getName() == invocation.mapper) asked.output = mapper.getOutput();
    }
  } else {
    KJ_IF_MAYBE (component, manifest.component(invocation.kind, invocation.component)) {
      KJ_IF_MAYBE (operation, operationOf(*component, invocation.operation))
        asked.output = operation->getOutput();
    }
  }
  asked.outputName = manifest.typeName(asked.output);
  return asked;
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

kj::Promise<Result<Broker::Entry*>> Broker::launch(const Bundle& bundle, const std::string& digest,
                                                   std::vector<std::string> environment) {
  auto& slot = entries_[digest + bundle.executable.string()];
  if (slot.get() != nullptr) {
    KJ_IF_MAYBE (process, slot->process) {
      if ((*process)->dead()) slot = nullptr;  // start it anew
    }
  }
  if (slot.get() == nullptr) {
    slot = kj::heap<Entry>();
    Entry* entry = slot.get();
    auto started = PluginProcess::start(bundle, pluginEnvironment(environment), io_, sink_);
    if (!started) {
      entry->error = std::move(started).error();
    } else {
      auto& process = **started;
      entry->process = kj::mv(*started);
      entry->started = process.hello(options_.hostVersion, options_.helloDeadline)
                           .then([entry](Result<std::string> said) {
                             if (said) {
                               entry->manifestDigest = *said;
                             } else {
                               entry->error = said.error();
                             }
                           })
                           .fork();
    }
  }
  Entry* entry = slot.get();
  auto answer = [entry]() -> Result<Entry*> {
    if (entry->error) return *entry->error;
    return entry;
  };
  KJ_IF_MAYBE (started, entry->started) return started->addBranch().then(kj::mv(answer));
  return answer();
}

kj::Promise<Result<LocatedPlugin>> Broker::inspect(Bundle bundle) {
  auto digested = bundleDigest(bundle, manifests_.folder());
  if (!digested) return Result<LocatedPlugin>(std::move(digested).error());
  LocatedPlugin plugin{std::move(bundle), *digested, manifests_.find(*digested)};
  if (plugin.manifest) return Result<LocatedPlugin>(std::move(plugin));

  auto fetched =
      launch(plugin.bundle, plugin.digest, {})
          .then([this, digest = plugin.digest](
                    Result<Entry*> launched) -> kj::Promise<Result<std::shared_ptr<const Manifest>>> {
            if (!launched) return Result<std::shared_ptr<const Manifest>>(std::move(launched).error());
            KJ_IF_MAYBE (process, (*launched)->process) {
              return fetchManifest(kj::addRef(**process), digest, (*launched)->manifestDigest);
            }
            KJ_UNREACHABLE;
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
  auto fetched = plugin.client().manifestRequest().send().then(
      [this, digest, helloDigest,
       name = plugin.name()](capnp::Response<wire::Plugin::ManifestResults> response)
          -> Result<std::shared_ptr<const Manifest>> {
        auto manifest = Manifest::fromWords(canonicalWords(capnp::AnyStruct::Reader(response.getManifest())));
        if (!manifest)
          return std::move(manifest).error().context("reading the manifest of the plugin \"" + name + "\"");
        if ((*manifest)->digest() != helloDigest) {
          return Error{ErrorKind::Internal,
                       "manifest-garbage",
                       "the plugin \"" + name + "\" sent another manifest than its hello announced",
                       kAuthor,
                       {}};
        }
        manifests_.put(digest, **manifest);
        return *manifest;
      });
  return plugin.guard<std::shared_ptr<const Manifest>>(kj::mv(fetched), "reading of its manifest")
      .attach(kj::mv(process));
}

kj::Promise<Result<Broker::Process>> Broker::processFor(const LocatedPlugin& plugin) {
  if (entries_.count(plugin.digest + plugin.bundle.executable.string()) == 0) {
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
             manifest = plugin.manifest](Result<Entry*> launched) -> Result<Process> {
        if (!launched) return std::move(launched).error();
        if ((*launched)->manifestDigest != manifest->digest()) {
          manifests_.forget(digest);  // the next plan asks the plugin again
          return changedSincePlan(name, "its manifest is another one");
        }
        KJ_IF_MAYBE (process, (*launched)->process) return kj::addRef(**process);
        KJ_UNREACHABLE;
      });
}

kj::Promise<Result<void>> Broker::start(const LocatedPlugin& plugin) {
  return processFor(plugin).then([](Result<Process> process) -> Result<void> {
    if (!process) return std::move(process).error();
    return {};
  });
}

template <typename T>
kj::Promise<Result<T>> Broker::supervise(Process process, std::uint64_t callId, kj::Promise<Result<T>> answer,
                                         kj::Own<CallSession> session, std::string title, CallLimits limits) {
  auto& timer = io_.provider->getTimer();
  auto& plugin = *process;
  auto expired = std::make_shared<bool>(false);

  // Asks the call to end. Where that is ignored the process is killed, which ends the call with the reason.
  auto askToEnd = [this, &plugin, &timer, callId, title](std::string why) -> kj::Promise<Result<T>> {
    auto request = plugin.client().cancelRequest();
    request.setCallId(callId);
    auto asked = request.send().ignoreResult().catch_([](kj::Exception&&) {});
    return timer.afterDelay(options_.cancelGrace)
        .then([&plugin, why, title]() -> kj::Promise<Result<T>> {
          plugin.kill("the " + title + " went on after " + why);
          return kj::NEVER_DONE;
        })
        .attach(kj::mv(asked));
  };
  const std::string limit = durationText(limits.deadline);
  kj::Promise<Result<T>> late = timer.afterDelay(limits.deadline).then([askToEnd, expired, limit] {
    *expired = true;
    return askToEnd("its deadline of " + limit);
  });
  kj::Promise<Result<T>> cancelled = kj::NEVER_DONE;
  KJ_IF_MAYBE (cancel, limits.cancel) {
    cancelled = cancel->then([askToEnd] { return askToEnd("it was cancelled"); });
  }
  return plugin.guard<T>(kj::mv(answer), title)
      .exclusiveJoin(kj::mv(late))
      .exclusiveJoin(kj::mv(cancelled))
      .then([expired, title, limit, session = kj::mv(session)](Result<T> result) mutable -> Result<T> {
        session->end();
        if (!*expired)
          return result ? kj::mv(result) : Result<T>(session->orItsOwn(std::move(result).error()));
        if (result) return result;
        Error error = std::move(result).error();
        return Error{ErrorKind::Deadline, "call-deadline", "the " + title + " took longer than its " + limit,
                     "raise the stage's `timeout`",
                     error.message + (error.detail.empty() ? "" : "\n" + error.detail)};
      })
      .attach(kj::mv(process));
}

Result<fs::path> Broker::workFolder() {
  if (workFolder_.get() == nullptr) {
    removeAbandonedWorkFolders();
    workFolder_ = CAIRN_TRY(WorkFolder::make());
  }
  return workFolder_->path();
}

template <typename T, typename Request, typename Read>
kj::Promise<Result<T>> Broker::call(Process process, Request request, CallHost& host, CallScope scope,
                                    CallLimits limits, Read read) {
  auto folder = workFolder();
  if (!folder) return Result<T>(std::move(folder).error());
  const std::uint64_t callId = nextCall_++;
  const fs::path workDir = *folder / std::to_string(callId);
  scope.workDir = workDir;
  std::error_code failure;
  for (const auto& path : {scope.cacheDir, scope.dataDir}) {
    fs::create_directories(path, failure);
    if (failure) {
      return Result<T>(Error{ErrorKind::Failed,
                             "folder-unwritable",
                             "can't make the folder " + path.string() + ": " + failure.message(),
                             {},
                             {}});
    }
  }
  std::string title = scope.title;
  auto session = kj::heap<CallSession>(host, std::move(scope), io_.provider->getTimer(), io_.unixEventPort);
  auto context = request.initCall();
  context.setCallId(callId);
  context.setDeadlineMs(static_cast<std::uint64_t>(limits.deadline / kj::MILLISECONDS));
  session->fill(context);
  return supervise<T>(kj::mv(process), callId, request.send().then(kj::mv(read)), kj::mv(session),
                      std::move(title), kj::mv(limits))
      .attach(kj::defer([workDir] {
        // It is there only if the plugin wanted one.
        std::error_code ignored;
        if (fs::exists(workDir, ignored)) fs::remove_all(workDir, ignored);
      }));
}

kj::Promise<Result<std::vector<Error>>> Broker::check(const LocatedPlugin& plugin, Invocation invocation,
                                                      std::vector<std::string> unknown, CallHost& host,
                                                      CallScope scope, CallLimits limits) {
  scope.cacheDir = cacheDirOf(plugin.bundle.name);
  scope.dataDir = dataDirOf(plugin.bundle.name);
  return processFor(plugin).then(
      [this, &host, invocation = std::move(invocation), unknown = std::move(unknown),
       scope = std::move(scope),
       limits = kj::mv(limits)](Result<Process> process) mutable -> kj::Promise<Result<std::vector<Error>>> {
        if (!process) return Result<std::vector<Error>>(std::move(process).error());
        auto request = (*process)->client().checkRequest();
        auto component = request.initComponent();
        component.setKind(invocation.kind);
        component.setName(invocation.component);
        writeValue(invocation.settings, request.initSettings());
        auto list = request.initUnknown(unknown.size());
        for (std::size_t i = 0; i < unknown.size(); ++i) list.set(i, unknown[i]);
        return call<std::vector<Error>>(
            kj::mv(*process), kj::mv(request), host, std::move(scope), kj::mv(limits),
            [](capnp::Response<wire::Plugin::CheckResults> response) -> Result<std::vector<Error>> {
              std::vector<Error> errors;
              for (auto diagnostic : response.getDiagnostics()) {
                if (diagnostic.getSeverity() == wire::Diagnostic::Severity::ERROR) {
                  errors.push_back(readDiagnostic(diagnostic));
                }
              }
              return errors;
            });
      });
}

kj::Promise<Result<CallAnswer>> Broker::run(const LocatedPlugin& plugin, Invocation invocation,
                                            CallHost& host, CallScope scope, CallLimits limits) {
  scope.cacheDir = cacheDirOf(plugin.bundle.name);
  scope.dataDir = dataDirOf(plugin.bundle.name);
  scope.mayStartServices = plugin.manifest->reader().getNeeds().getServices();
  return processFor(plugin).then(
      [this, &host, asked = askedOf(plugin, invocation, scope.title), invocation = std::move(invocation),
       scope = std::move(scope),
       limits = kj::mv(limits)](Result<Process> process) mutable -> kj::Promise<Result<CallAnswer>> {
        if (!process) return Result<CallAnswer>(std::move(process).error());
        auto& client = (*process)->client();
        if (!invocation.mapper.empty()) {
          auto request = client.mapRequest();
          request.setMapper(invocation.mapper);
          writeValue(invocation.settings, request.initSettings());
          writeValues(invocation.inputs, request.initInputs(invocation.inputs.size()));
          return call<CallAnswer>(kj::mv(*process), kj::mv(request), host, std::move(scope), kj::mv(limits),
                                  [asked](capnp::Response<wire::Plugin::MapResults> response) {
                                    return readOutcome(response.getOutcome(), asked);
                                  });
        }
        auto request = client.runRequest();
        auto component = request.initComponent();
        component.setKind(invocation.kind);
        component.setName(invocation.component);
        request.setOperation(invocation.operation);
        writeValue(invocation.settings, request.initSettings());
        writeValues(invocation.inputs, request.initInputs(invocation.inputs.size()));
        return call<CallAnswer>(kj::mv(*process), kj::mv(request), host, std::move(scope), kj::mv(limits),
                                [asked](capnp::Response<wire::Plugin::RunResults> response) {
                                  return readOutcome(response.getOutcome(), asked);
                                });
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
