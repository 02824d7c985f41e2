#pragma once
// One app of a run: its stages one after the other, then what is old is removed.

#include <host/pipeline/stage_run.h>

namespace cairn::host {

struct AppOutcome {
  wire::Event::Outcome outcome = wire::Event::Outcome::DONE;
  ErrorKind kind = ErrorKind::Failed;  // of the error, where there was one
  std::string url;
};

// Runs on a fiber of its own; tells how it went as events.
AppOutcome runApp(kj::WaitScope& wait, RunState& run, MapCache& mapped, wire::Plan::App::Reader app);

}  // namespace cairn::host
