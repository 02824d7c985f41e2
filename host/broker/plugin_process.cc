#include "host/broker/plugin_process.h"

#include "host/broker/call_answer.h"
#include "host/broker/duration_text.h"
#include "host/broker/value.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <utility>

namespace cairn::host {
namespace {

// A plugin that died says so through its pidfd; its last words may still be in the pipes.
constexpr auto kLastWords = 200 * kj::MILLISECONDS;
constexpr auto kDeathAfterDisconnect = 1 * kj::SECONDS;

constexpr auto kOwnedInput =
    kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP | kj::LowLevelAsyncIoProvider::ALREADY_CLOEXEC;

// KJ puts it before what the other end said.
constexpr std::string_view kRemote = "remote exception: ";

std::string withoutRemotePrefix(kj::StringPtr description) {
  std::string text = description.cStr();
  while (text.compare(0, kRemote.size(), kRemote) == 0) text.erase(0, kRemote.size());
  return text;
}

bool contains(kj::StringPtr text, const char* part) {
  return std::strstr(text.cStr(), part) != nullptr;
}

// What the plugin itself said, whatever its words are.
bool isRemote(const kj::Exception& exception) {
  return exception.getDescription().startsWith(kRemote.data());
}

// What KJ says when the bytes it read are no message, or one beyond the limit.
bool isGarbage(const kj::Exception& exception) {
  if (isRemote(exception)) return false;
  return contains(exception.getDescription(), "segmentCount") ||
         contains(exception.getDescription(), "Message has too many segments") ||
         contains(exception.getDescription(), "Premature EOF");
}
// Also what Cap'n Proto says in the plugin, which refuses to send it: all of its sentence, since other words
// are the plugin's own.
bool isTooLarge(const kj::Exception& exception) {
  if (isRemote(exception))
    return contains(exception.getDescription(), "larger than our single-message size limit");
  return contains(exception.getDescription(), "too large") ||
         contains(exception.getDescription(), "size limit") ||
         contains(exception.getDescription(), "traversalLimitInWords");
}

// When something happened, for people: hello is not a call that they know.
constexpr char kHello[] = "hello";
std::string during(const std::string& title) {
  return title == kHello ? "before it said hello" : "in the " + title;
}

std::string listOf(capnp::List<std::uint16_t>::Reader majors) {
  std::string out;
  for (auto major : majors) out += (out.empty() ? "" : ", ") + std::to_string(major);
  return out.empty() ? "none" : out;
}

}  // namespace

Result<kj::Own<PluginProcess>> PluginProcess::start(const Bundle& bundle,
                                                    const ProcessEnvironment& environment,
                                                    kj::AsyncIoContext& io, PluginOutputSink& sink,
                                                    const SafeCut& cut) {
  auto spawned = CAIRN_TRY(spawnPlugin(bundle.executable, environment));
  return kj::refcounted<PluginProcess>(bundle, kj::mv(spawned), io, sink, cut);
}

PluginProcess::PluginProcess(const Bundle& bundle, SpawnedPlugin&& spawned, kj::AsyncIoContext& io,
                             PluginOutputSink& sink, const SafeCut& cut)
    : name_(bundle.name),
      spawned_(kj::mv(spawned)),
      timer_(io.provider->getTimer()),
      sink_(sink),
      cut_(cut),
      out_(io.lowLevelProvider->wrapInputFd(spawned_.out.release(), kOwnedInput)),
      err_(io.lowLevelProvider->wrapInputFd(spawned_.err.release(), kOwnedInput)),
      outputEnded_(kj::joinPromises(kj::arr(readOutput(*out_, false), readOutput(*err_, true))).fork()),
      observer_(io.unixEventPort, spawned_.pidfd.get(), kj::UnixEventPort::FdObserver::OBSERVE_READ),
      died_(watch().fork()),
      stream_(io.lowLevelProvider->wrapUnixSocketFd(spawned_.socket.release(), kOwnedInput)),
      // An end that allows no descriptors can't send any either, so that both allow one.
      network_(kj::heap<capnp::TwoPartyVatNetwork>(*stream_, 1, capnp::rpc::twoparty::Side::CLIENT)),
      rpc_(kj::heap<capnp::RpcSystem<capnp::rpc::twoparty::VatId>>(capnp::makeRpcClient(*network_))),
      client_([this] {
        capnp::MallocMessageBuilder message(4);
        auto vat = message.getRoot<capnp::rpc::twoparty::VatId>();
        vat.setSide(capnp::rpc::twoparty::Side::SERVER);
        return rpc_->bootstrap(vat).castAs<wire::Plugin>();
      }()),
      channelEnd_(network_->onDisconnect().then([this] { channelClosed_ = true; }).eagerlyEvaluate(nullptr)) {
}

PluginProcess::~PluginProcess() noexcept(false) {
  signalAll();
  reap();
}

kj::Promise<void> PluginProcess::watch() {
  return observer_.whenBecomesReadable().then([this] {
    signalAll();  // whatever it started and left in its group, before its number may be another's
    reap();
    return outputEnded_.addBranch().exclusiveJoin(timer_.afterDelay(kLastWords));
  });
}

bool PluginProcess::hasEnded() const {
  siginfo_t info{};
  return dead_ || (::waitid(P_PIDFD, static_cast<id_t>(spawned_.pidfd.get()), &info,
                            WEXITED | WNOHANG | WNOWAIT) == 0 &&
                   info.si_pid != 0);
}

void PluginProcess::reap() {
  if (dead_) return;
  siginfo_t info{};
  if (::waitid(P_PIDFD, static_cast<id_t>(spawned_.pidfd.get()), &info, WEXITED) == 0) {
    exit_ = describeExit(info.si_code, info.si_status);
    killedFromOutside_ = info.si_code != CLD_EXITED && info.si_status == SIGKILL;
  }
  dead_ = true;
}

kj::Promise<void> PluginProcess::readOutput(kj::AsyncInputStream& stream, bool isStderr) {
  return readLines(stream, cut_, [this, isStderr](std::string line) {
    sink_(name_, isStderr, line);
    tail_.add(std::move(line));
  });
}

kj::Promise<Result<std::string>> PluginProcess::hello(kj::StringPtr hostVersion, kj::Duration deadline) {
  auto request = client_.helloRequest();
  auto host = request.initHost();
  host.setVersion(hostVersion);
  host.initProtocolMajors(1).set(0, wire::PROTOCOL_MAJOR);
  host.setDeadlineMs(static_cast<std::uint32_t>(deadline / kj::MILLISECONDS));
  auto answered = request.send().then(
      [this](capnp::Response<wire::Plugin::HelloResults> response) -> Result<std::string> {
        auto info = response.getPlugin();
        for (auto major : info.getProtocolMajors()) {
          if (major != wire::PROTOCOL_MAJOR) continue;
          if (std::string(info.getName()) != name_) {
            return Error{ErrorKind::Config,
                         "plugin-name",
                         "the plugin \"" + name_ + "\" calls itself \"" + std::string(info.getName()) + "\"",
                         "name it so in cairn.toml, or rename the program",
                         {}};
          }
          auto digest = info.getManifestDigest();
          return std::string(digest.asChars().begin(), digest.size());
        }
        const bool newer =
            info.getProtocolMajors().size() > 0 && info.getProtocolMajors()[0] > wire::PROTOCOL_MAJOR;
        return Error{ErrorKind::Config,
                     "plugin-protocol",
                     "the plugin \"" + name_ + "\" speaks protocol " + listOf(info.getProtocolMajors()) +
                         ", this cairn speaks " + std::to_string(wire::PROTOCOL_MAJOR),
                     newer ? "update cairn" : "update the plugin",
                     {}};
      });
  auto late = timer_.afterDelay(deadline).then([this, deadline]() -> Result<std::string> {
    Error error{ErrorKind::Deadline, "plugin-no-hello",
                "the plugin \"" + name_ + "\" (pid " + std::to_string(spawned_.pid) +
                    ") runs, but said no hello within " + durationText(deadline),
                "does its main() return cairn::servePlugin(…)?", tail_.text()};
    kill("it said no hello");
    return error;
  });
  return guard<std::string>(answered.exclusiveJoin(kj::mv(late)), kHello);
}

kj::Promise<Result<std::shared_ptr<const Manifest>>> PluginProcess::manifest(kj::Duration deadline) {
  using Answer = Result<std::shared_ptr<const Manifest>>;
  auto answered = client_.manifestRequest().send().then(
      [this](capnp::Response<wire::Plugin::ManifestResults> response) -> Answer {
        auto manifest = Manifest::fromWords(canonicalWords(capnp::AnyStruct::Reader(response.getManifest())));
        if (!manifest)
          return std::move(manifest).error().context("reading the manifest of the plugin \"" + name_ + "\"");
        return *manifest;
      });
  auto late = timer_.afterDelay(deadline).then([this, deadline]() -> Answer {
    Error error{ErrorKind::Deadline, "plugin-no-manifest",
                "the plugin \"" + name_ + "\" (pid " + std::to_string(spawned_.pid) +
                    ") said hello, but no manifest within " + durationText(deadline),
                kMistakeOfPlugin, tail_.text()};
    kill("it gave no manifest");
    return error;
  });
  return guard<std::shared_ptr<const Manifest>>(answered.exclusiveJoin(kj::mv(late)),
                                                "reading of its manifest");
}

kj::Promise<Error> PluginProcess::explain(kj::Exception exception, std::string title) {
  // The plugin's end refused to send it, and goes on.
  if (isRemote(exception) && isTooLarge(exception)) return tooLarge(title);
  if (exception.getType() != kj::Exception::Type::DISCONNECTED && !isGarbage(exception) &&
      !isTooLarge(exception)) {
    return saidError(exception, title);
  }
  auto death = died_.addBranch().then([this, title] { return deathError(title); });
  auto lives = timer_.afterDelay(kDeathAfterDisconnect)
                   .then([this, title, exception = kj::mv(exception)]() mutable -> kj::Promise<Error> {
                     // A busy loop may come to its timers before it hears of the end.
                     if (hasEnded())
                       return died_.addBranch().then([this, title] { return deathError(title); });
                     // It answered that something behind it was lost.
                     if (isRemote(exception) && !channelClosed_) return saidError(exception, title);
                     Error error = channelError(exception, title);
                     kill("it broke its channel");
                     return error;
                   });
  // Garbage is known at once; a plain end of the channel is mostly the process's end, which tells more.
  return death.exclusiveJoin(kj::mv(lives));
}

Error PluginProcess::saidError(const kj::Exception& exception, const std::string& title) const {
  const bool unknown = exception.getType() == kj::Exception::Type::UNIMPLEMENTED;
  return Error{ErrorKind::Internal,
               unknown ? "plugin-unimplemented" : "plugin-exception",
               "the plugin \"" + name_ + "\" failed " + during(title) + ": " +
                   withoutRemotePrefix(exception.getDescription()),
               {},
               tail_.text()};
}

Error PluginProcess::tooLarge(const std::string& title) const {
  return Error{ErrorKind::Died, "value-too-large",
               "the plugin \"" + name_ + "\" sent a message of more than 64 MiB " + during(title) +
                   "; a value may have 1 MiB at most",
               "bulk belongs in a content-addressed file that the value names", tail_.text()};
}

Error PluginProcess::channelError(const kj::Exception& exception, const std::string& title) const {
  if (isTooLarge(exception)) return tooLarge(title);
  if (isGarbage(exception)) {
    return Error{ErrorKind::Died, "plugin-garbage",
                 "the plugin \"" + name_ +
                     "\" wrote something that is no Cap'n Proto message on descriptor 3 " + during(title),
                 "descriptor 3 belongs to the SDK; print to stderr", tail_.text()};
  }
  return Error{
      ErrorKind::Died,
      "plugin-channel-closed",
      "the plugin \"" + name_ + "\" closed its channel " + during(title) + " but runs on; it was killed",
      {},
      tail_.text()};
}

Error PluginProcess::deathError(const std::string& title) const {
  if (!killedBecause_.empty()) {
    return Error{ErrorKind::Died,
                 "plugin-killed",
                 "the plugin \"" + name_ + "\" was killed " + during(title) + ": " + killedBecause_,
                 {},
                 tail_.text()};
  }
  return Error{ErrorKind::Died, "plugin-died",
               "the plugin \"" + name_ + "\" (pid " + std::to_string(spawned_.pid) + ") " + exit_ + " " +
                   during(title),
               killedFromOutside_
                   ? "cairn did not kill it: look with dmesg whether the machine ran out of memory"
               : tail_.empty() ? "it printed nothing; run it under a debugger, or with -v"
                               : "",
               tail_.text()};
}

void PluginProcess::kill(std::string because) {
  if (dead_) return;
  if (killedBecause_.empty()) killedBecause_ = std::move(because);
  signalAll();
}

void PluginProcess::signalAll() {
  if (dead_) return;
  ::kill(-spawned_.pid, SIGKILL);
  // It may have left its group.
  ::syscall(SYS_pidfd_send_signal, spawned_.pidfd.get(), SIGKILL, nullptr, 0);
}

kj::Promise<void> PluginProcess::stop(kj::Duration grace) {
  if (dead_) return kj::READY_NOW;
  stream_->shutdownWrite();
  auto late = timer_.afterDelay(grace).then([this] {
    kill("it did not end when its channel closed");
    return died_.addBranch();
  });
  return died_.addBranch().exclusiveJoin(kj::mv(late)).attach(kj::addRef(*this));
}

}  // namespace cairn::host
