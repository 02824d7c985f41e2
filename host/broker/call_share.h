#pragma once
// What all capabilities of one call share. For call_session.cc and the capabilities only.

#include "host/broker/call_session.h"

#include <kj/debug.h>

#include <optional>
#include <type_traits>

namespace cairn::host {

// Its host pointer is null once the call has ended.
class CallSession::Shared : public kj::Refcounted {
 public:
  Shared(CallHost& host, CallScope scope, kj::Timer& timer, kj::UnixEventPort& port)
      : scope(std::move(scope)), timer(timer), port(port), host_(&host) {}

  CallHost& host() {
    KJ_IF_MAYBE (live, host_) return *live;
    kj::throwFatalException(KJ_EXCEPTION(FAILED, kj::str("revoked: the ", scope.title, " has ended")));
  }
  void end() { host_ = nullptr; }

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
  kj::Maybe<CallHost&> host_;
  std::optional<Error> failure_;  // the first
};

}  // namespace cairn::host
