#pragma once
// Asks a running cairn-proxy or cairn-supervise something, over its control socket.
//
// The wire form: the client connects (unix stream socket), sends one JSON object on one line, gets one JSON
// object on one line, and the connection ends. An answer holds "ok": true, or "ok": false with "code",
// "message", "hint". The requests of each program stand in supervise/supervisor.h and proxy/proxy_control.h.
// Keep the sending side open until the answer is there: its end means that the client is gone, and a running
// `exec` is then ended.

#include "entrypoint/descriptor.h"
#include "entrypoint/flat_json.h"

#include <span>

namespace cairn::entrypoint {

// Connects to the socket at `path`, however long the path is.
// Errors: Unavailable/control-unreachable.
Result<Descriptor> connectControl(const std::string& path);

// Sends `request`, with `descriptors` passed along, and waits as long as it takes for the answer.
// Errors: those of connectControl(), and what the answer says where it is not "ok".
Result<FlatJson> askControl(const std::string& path, const FlatJson& request,
                            std::span<const int> descriptors = {});

}  // namespace cairn::entrypoint
