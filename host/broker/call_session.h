#pragma once
// The capabilities that a plugin is handed for one call, and their end.

#include <cairn/call.capnp.h>
#include <host/broker/call_host.h>

#include <kj/async-unix.h>
#include <kj/refcount.h>
#include <kj/timer.h>

#include <filesystem>
#include <string>

namespace cairn::host {

// What a call is about and where it may put things.
struct CallScope {
  std::string title;  // "deploy of web", for messages
  std::filesystem::path workDir;
  std::filesystem::path cacheDir;
  std::filesystem::path dataDir;
  bool mayStartServices = false;
  std::vector<std::string> arguments;  // exec
  bool hasInput = false;
  bool follow = false;  // logs
  std::uint32_t tail = 0;
  std::int64_t sinceUnixMs = 0;
  std::uint16_t columns = 0;  // exec from a terminal
  std::uint16_t rows = 0;
  std::string term;
};

// Serves one call's capabilities until end(): later uses of them fail with "revoked: … has ended". Dropping
// it ends it.
class CallSession {
 public:
  CallSession(CallHost& host, CallScope scope, kj::Timer& timer, kj::UnixEventPort& port);
  ~CallSession() noexcept(false);
  KJ_DISALLOW_COPY(CallSession);

  void fill(wire::CallContext::Builder context);
  void end();
  // The host's own error where `error` is only what the plugin heard of it, which has neither its code nor
  // its hint; else `error`.
  Error orItsOwn(Error error) const;

  class Shared;

 private:
  kj::Own<Shared> shared_;
};

}  // namespace cairn::host
