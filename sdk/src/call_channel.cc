#include "sdk/src/call_channel.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <string_view>

namespace cairn::detail {
namespace {

constexpr std::string_view kEnded = "revoked: the call has ended";

// Each vat on the way puts its own prefix before the text.
std::string_view withoutPrefixes(std::string_view text) {
  constexpr std::string_view prefix = "remote exception: ";
  while (text.substr(0, prefix.size()) == prefix) text.remove_prefix(prefix.size());
  return text;
}

}  // namespace

Error errorFrom(const kj::Exception& exception) {
  std::string_view text =
      withoutPrefixes({exception.getDescription().begin(), exception.getDescription().size()});
  if (exception.getType() == kj::Exception::Type::DISCONNECTED) {
    return {.kind = ErrorKind::Unavailable,
            .code = "host-gone",
            .message = "cairn, which started this plugin, is gone",
            .hint = "run the command again"};
  }
  if (text.find(kEnded) != text.npos || text.substr(0, 8) == "revoked:") {
    return {.kind = ErrorKind::Internal,
            .code = "call-ended",
            .message = "the plugin used its call after the call had ended",
            .hint = "report this to the plugin's author"};
  }
  return {.kind = ErrorKind::Failed,
          .code = "host-refused",
          .message = std::string(text),
          .hint = "report this to the plugin's author"};
}

HostSide::HostSide(wire::CallContext::Reader context)
    : journal(context.getJournal()),
      secrets(context.getSecrets()),
      terminal_(context.getTerminal()),
      cancelled_(kj::newPromiseAndFulfiller<void>()),
      cancelFork_(cancelled_.promise.fork()),
      inputEnded_(kj::newPromiseAndFulfiller<void>()),
      inputEndedFork_(inputEnded_.promise.fork()),
      pending_(*this) {
  if (context.hasServices()) services = context.getServices();
  if (context.hasInput()) input = context.getInput();
}

kj::Promise<void> HostSide::finish() {
  if (!terminalUsed_) return kj::READY_NOW;
  auto synced = terminal_.syncRequest().send().ignoreResult();
  // A TaskSet that is empty already would never say so.
  auto taken = pending_.isEmpty() ? kj::Promise<void>(kj::READY_NOW) : pending_.onEmpty();
  return taken.then([synced = kj::mv(synced)]() mutable { return kj::mv(synced); });
}

void HostSide::openStep(std::uint64_t id, kj::StringPtr title) {
  auto request = terminal().stepRequest();
  request.setTitle(title);
  steps_.emplace(id, OpenStep{request.send().getStep(), std::nullopt});  // used before the host has answered
}

wire::Step::Client* HostSide::findStep(std::uint64_t id) {
  auto found = steps_.find(id);
  return found == steps_.end() ? nullptr : &found->second.client;
}

void HostSide::endStep(std::uint64_t id, bool ok, kj::StringPtr title) {
  auto step = findStep(id);
  if (step == nullptr) return;
  if (ok) {
    auto request = step->doneRequest();
    request.setTitle(title);
    sendAndForget(kj::mv(request));
  } else {
    auto request = step->failedRequest();
    request.setTitle(title);
    sendAndForget(kj::mv(request));
  }
  steps_.erase(id);
}

void HostSide::leaveStep(std::uint64_t id, std::thread::id thread) {
  auto found = steps_.find(id);
  if (found != steps_.end()) found->second.leftBy = thread;
}

void HostSide::endStepsLeftBy(std::thread::id thread) {
  for (auto step = steps_.begin(); step != steps_.end();) {
    auto id = step->first;
    const bool left = step->second.leftBy == thread;
    ++step;
    if (left) endStep(id, true, nullptr);
  }
}

void HostSide::endSteps(bool ok) {
  while (!steps_.empty()) endStep(steps_.begin()->first, ok, nullptr);
}

CallChannel::CallChannel(wire::CallContext::Reader context, std::filesystem::path bundleDir, HostSide& host,
                         const kj::Executor& loop)
    : workDir(toString(context.getWorkDir())),
      cacheDir(toString(context.getCacheDir())),
      dataDir(toString(context.getDataDir())),
      bundleDir(std::move(bundleDir)),
      host_(&host),
      loop_(loop.addRef()),
      cancelFd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (context.getDeadlineMs() > 0) {
    deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(context.getDeadlineMs());
  }
  for (auto argument : context.getArguments()) arguments.push_back(toString(argument));
  auto logs = context.getLogs();
  logRequest = {logs.getFollow(), logs.getTail(), std::chrono::milliseconds(logs.getSinceUnixMs())};
  tty = {context.getTty().getColumns(), context.getTty().getRows(), toString(context.getTty().getTerm())};
}

CallChannel::~CallChannel() {
  ::close(cancelFd_);
}

HostSide& CallChannel::host() {
  KJ_REQUIRE(host_ != nullptr, "revoked: the call has ended");
  return *host_;
}

void CallChannel::cancel() {
  if (host_ != nullptr) host_->cancel();
  {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
  }
  wake_.notify_all();
  ::eventfd_write(cancelFd_, 1);
}

bool CallChannel::sleep(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, time, [&] { return cancelled_.load(); });
}

}  // namespace cairn::detail
