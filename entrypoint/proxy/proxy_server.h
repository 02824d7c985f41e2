#pragma once
// The proxy: a stable address in front of an app's deployments, one of which gets the requests.
//
// Requests on the control socket (entrypoint/control_client.h has the wire form):
//
//   {"command":"status"} {"ok":true,"address":"127.0.0.1:8080","backend":"127.0.0.1:41001","deployment":"v4",
//                           "pid":12,"requests":1024,"connections":3,"inFlight":1,"draining":["v3"]}
//   {"command":"switch","backend":"127.0.0.1:41001","deployment":"v5","drainTimeoutMs":30000}
//                          The next request goes there, also on connections that are open. Answered once
//                          nothing is in flight at any backend it served before, or the time is up:
//                          {"ok":true,"previous":"v4","previousBackend":"127.0.0.1:41000","drained":true,"left":0,"cut":0}
//                          `left` counts requests that still run (they are let run), `cut` upgraded
//                          connections that were closed; drained is true when both are 0. `previous` is null
//                          where there was none, or where that very backend was being served already.

#include <cairn/base/result.h>

#include <chrono>
#include <string>

namespace cairn::entrypoint {

struct ServeOptions {
  std::string listen;       // HOST:PORT; with port 0 the one in the state file, else one the system chooses
  std::string controlPath;  // empty: no control socket
  std::string stateFile;    // empty: nothing is remembered
  std::string backend;      // HOST:PORT, where the state file names none
  std::string deployment;
  std::chrono::milliseconds drainTimeout{
      8'000};  // how long SIGTERM lets requests end; docker stop kills after 10 s
  std::chrono::milliseconds responseTimeout{300'000};
  std::chrono::milliseconds clientTimeout{300'000};  // for one that neither sends nor takes bytes
};

// Serves until SIGTERM or SIGINT, in this thread; a second one ends what still runs. With all descriptors in
// use, the client that was quiet the longest gives way to one that comes. The address is printed on stdout
// once it is open. Errors: Config/entrypoint-usage, Unavailable/address-not-bound, those of listenControl()
// and writeProxyState().
Result<void> serveProxy(const ServeOptions& options);

}  // namespace cairn::entrypoint
