#pragma once
// Waits until an app that was just started is ready, or will not be.

#include "app_folder.h"
#include "probe.h"

#include <local/local.capnp.h>

namespace cairn::plugins::local {

enum class Readiness {
  Ready,
  Exited,    // it ended, or never ran
  TimedOut,  // it runs, and the probe doesn't pass
  Stranger,  // somebody else listens on its port
  Cancelled,
};

struct Waited {
  Readiness readiness = Readiness::Ready;
  std::string reason;     // the last probe's, or how the app ended
  bool answered = false;  // it timed out with an answer, but not the right one
};

bool listens(wire::Probe::Reader probe);
ProbeTarget probeTarget(wire::Probe::Reader probe, std::uint16_t port);

// `supervisor`: the pid of the app's cairn-supervise.
Waited waitUntilReady(const Call& call, const AppFolder& folder, int supervisor, wire::Probe::Reader probe,
                      std::uint16_t port);

}  // namespace cairn::plugins::local
