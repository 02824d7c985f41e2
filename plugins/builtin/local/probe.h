#pragma once
// Asks an app once whether it is ready.

#include <chrono>
#include <cstdint>
#include <string>

namespace cairn::plugins::local {

struct ProbeTarget {
  std::uint16_t port = 0;
  std::string path;  // empty: a TCP connection is enough
};

struct ProbeResult {
  bool ready = false;
  bool answered = false;  // it is there, but did not say what it should
  std::string reason;     // why not: "connection refused", "HTTP 503", "no answer within 2 s"
};

// Connects to the loopback port and, with a path, asks GET: an answer from 200 to 399 means ready. Ends
// early, as not ready, when `cancelFd` becomes readable.
ProbeResult probeOnce(const ProbeTarget& target, std::chrono::milliseconds timeout, int cancelFd);

}  // namespace cairn::plugins::local
