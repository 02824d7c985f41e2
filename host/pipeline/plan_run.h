#pragma once
// Runs a plan: exactly that one.

#include <host/pipeline/app_run.h>

#include <kj/async.h>

namespace cairn::host {

struct RunReport {
  wire::Event::Outcome outcome = wire::Event::Outcome::DONE;
  ErrorKind kind = ErrorKind::Failed;  // of the first failure
};

// Takes the apps' locks, starts the plan's plugins, checks every component, then runs the apps side by side
// as `needs` allows; a failure skips only those that need the failed one.
//
// What goes wrong before the first act is the error (app-locked, other-origin, plugin-changed, those of
// checks); all else is told by events and by the report. On a fiber; `run` outlives it.
Result<RunReport, Errors> runPlan(kj::WaitScope& wait, RunState& run, std::string command, bool adopt);

}  // namespace cairn::host
