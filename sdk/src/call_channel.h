#pragma once
// The way from an author's thread to the host, for one call.
//
// The capabilities live on the event loop, in a HostSide. The author's thread holds a CallChannel, which hops
// onto the loop for each use. When the call has ended the HostSide is gone and the channel says so.

#include "sdk/src/definition.h"

#include <cairn/base/result.h>
#include <cairn/call.capnp.h>
#include <cairn/call.h>

#include <kj/async.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace cairn::detail {

// Used on the loop's thread only.
class HostSide final : private kj::TaskSet::ErrorHandler {
 public:
  explicit HostSide(wire::CallContext::Reader context);

  // Sends a call whose answer nobody needs; finish() waits for it.
  template <typename Request>
  void sendAndForget(Request request) {
    pending_.add(request.send().ignoreResult());
  }
  // Ends once the host has taken everything that was sent.
  kj::Promise<void> finish();
  // Rejects what waits for input.
  void cancel() { cancelled_.fulfiller->fulfill(); }
  kj::Promise<void> whenCancelled() { return cancelFork_.addBranch(); }
  // Nobody wants input any more.
  void endInput() { inputEnded_.fulfiller->fulfill(); }
  kj::Promise<void> whenInputEnded() { return inputEndedFork_.addBranch(); }

  wire::Terminal::Client& terminal() {
    terminalUsed_ = true;
    return terminal_;
  }
  wire::Journal::Client journal;
  kj::Maybe<wire::Services::Client> services;
  wire::Secrets::Client secrets;
  kj::Maybe<wire::Input::Client> input;

  void openStep(std::uint64_t id, kj::StringPtr title);
  // Null once it has ended.
  wire::Step::Client* findStep(std::uint64_t id);
  void endStep(std::uint64_t id, bool ok, kj::StringPtr title);
  // It went out of scope and nobody has said how it ended: what its thread does next tells.
  void leaveStep(std::uint64_t id, std::thread::id thread);
  // As done: the thread goes on.
  void endStepsLeftBy(std::thread::id thread);
  // All that are open, as the call ends.
  void endSteps(bool ok);

 private:
  struct OpenStep {
    wire::Step::Client client;
    std::optional<std::thread::id> leftBy;
  };

  void taskFailed(kj::Exception&&) override {}  // a lost host is told by the calls that need an answer

  wire::Terminal::Client terminal_;
  kj::PromiseFulfillerPair<void> cancelled_;
  kj::ForkedPromise<void> cancelFork_;
  kj::PromiseFulfillerPair<void> inputEnded_;
  kj::ForkedPromise<void> inputEndedFork_;
  kj::TaskSet pending_;
  std::map<std::uint64_t, OpenStep> steps_;
  bool terminalUsed_ = false;
};

// An exception that came over the wire or from the loop, as something to act on.
Error errorFrom(const kj::Exception& exception);

class CallChannel {
 public:
  CallChannel(wire::CallContext::Reader context, std::filesystem::path bundleDir, HostSide& host,
              const kj::Executor& loop);
  ~CallChannel();

  // Runs `use(HostSide&)` on the loop and waits for what it answers: a promise's value, or the value itself.
  template <typename Use>
  auto onLoop(Use use) -> Result<kj::_::UnwrapPromise<kj::PromiseForResult<Use, HostSide&>>> {
    using Value = kj::_::UnwrapPromise<kj::PromiseForResult<Use, HostSide&>>;
    std::optional<Result<Value>> answer;
    auto exception = kj::runCatchingExceptions([&] {
      if constexpr (std::is_void_v<Value>) {
        loop_->executeSync([&] { return use(host()); });
        answer.emplace();
      } else {
        answer.emplace(loop_->executeSync([&] { return use(host()); }));
      }
    });
    KJ_IF_MAYBE (thrown, exception) return errorFrom(*thrown);
    return std::move(*answer);
  }

  // --- on the loop
  // ----------------------------------------------------------------------------------------------------
  void cancel();
  void revoke() { host_ = nullptr; }

  // --- anywhere
  // -------------------------------------------------------------------------------------------------------
  bool cancelled() const { return cancelled_; }
  int cancelFd() const { return cancelFd_; }
  bool sleep(std::chrono::milliseconds time);

  std::optional<std::chrono::steady_clock::time_point> deadline;
  std::filesystem::path workDir, cacheDir, dataDir, bundleDir;
  std::vector<std::string> arguments;
  LogRequest logRequest;
  Tty tty;
  std::atomic<std::uint64_t> nextStep{1};

 private:
  HostSide& host();

  HostSide* host_;  // read and written on the loop only
  kj::Own<const kj::Executor> loop_;
  std::atomic<bool> cancelled_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  int cancelFd_;
};

inline std::string toString(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}
// The wire wants a NUL at the end, which a string_view doesn't promise.
inline kj::String toText(std::string_view text) {
  return kj::heapString(text.data(), text.size());
}

}  // namespace cairn::detail
