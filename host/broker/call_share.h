#pragma once
// What all capabilities of one call share. For call_session.cc and the capabilities only.

#include "host/broker/call_session.h"

#include <kj/debug.h>

#include <optional>
#include <type_traits>

namespace cairn::host {

// Its host pointer is null once the call has ended, and what the host was still doing for it is dropped then:
// the RPC server keeps a plugin's requests longer than the host lives.
class CallSession::Shared : public kj::Refcounted {
 public:
  Shared(CallHost& host, CallScope scope, kj::Timer& timer, kj::UnixEventPort& port)
      : scope(std::move(scope)), timer(timer), port(port), host_(&host) {}

  // These fail with "revoked: … has ended" once it has, also when they were begun before.
  kj::Promise<Result<std::uint64_t>> intend(std::string kind, std::string name) {
    return untilEnd(host().intend(std::move(kind), std::move(name)));
  }
  kj::Promise<Result<void>> created(std::uint64_t handle, std::string id, std::string state) {
    return untilEnd(host().created(handle, std::move(id), std::move(state)));
  }
  kj::Promise<Result<void>> removed(std::uint64_t handle) { return untilEnd(host().removed(handle)); }
  kj::Promise<Result<std::vector<JournalEntry>>> resources() { return untilEnd(host().resources()); }
  kj::Promise<kj::Array<kj::byte>> readInput(std::uint32_t maxBytes) {
    return untilEnd(host().readInput(maxBytes));
  }
  kj::Promise<TerminalSize> resized() { return untilEnd(host().resized()); }
  Result<std::optional<std::string>> secret(const std::string& name) { return host().secret(name); }
  std::string recordId() { return host().recordId(); }

  void end() {
    host_ = nullptr;
    canceler_.cancel(revoked());
  }

  // What `result` holds; an error is kept for orItsOwn(), and thrown for the plugin to hear.
  template <typename T>
  T orThrow(Result<T>&& result) {
    if (!result) {
      if (!failure_) failure_ = result.error();
      kj::throwFatalException(KJ_EXCEPTION(FAILED, kj::str(result.error().message)));
    }
    if constexpr (!std::is_void_v<T>) return std::move(result).value();
  }
  Error orItsOwn(Error error) const {
    return error.code == "host-refused" && failure_ ? *failure_ : std::move(error);
  }

  template <typename Fill>
  void emit(Fill&& fill) {
    host().emit([&](wire::Event::Builder event) { fill(event); });
  }

  const CallScope scope;
  kj::Timer& timer;
  kj::UnixEventPort& port;
  std::uint32_t nextStep = 1;

 private:
  kj::String revoked() const { return kj::str("revoked: the ", scope.title, " has ended"); }
  CallHost& host() {
    KJ_IF_MAYBE (live, host_) return *live;
    kj::throwFatalException(KJ_EXCEPTION(FAILED, revoked()));
  }
  template <typename T>
  kj::Promise<T> untilEnd(kj::Promise<T> promise) {
    return canceler_.wrap(kj::mv(promise));
  }

  kj::Maybe<CallHost&> host_;
  kj::Canceler canceler_;
  std::optional<Error> failure_;  // the first
};

}  // namespace cairn::host
