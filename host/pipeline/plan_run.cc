#include "host/pipeline/plan_run.h"

#include <host/pipeline/preflight.h>
#include <host/pipeline/run_locks.h>

#include <map>

namespace cairn::host {
namespace {

constexpr std::size_t kFiberStack = 512 * 1024;

std::vector<std::string> appsOf(wire::Plan::Reader plan) {
  std::vector<std::string> out;
  for (auto app : plan.getApps()) out.emplace_back(app.getName().cStr());
  return out;
}

void tellStart(const RunState& run, const std::string& command) {
  run.emitter.emit([&](wire::Event::Builder event) {
    auto started = event.initRunStarted();
    started.setCommand(command);
    started.setProject(run.plan.getProject());
    started.setWorkspace(run.plan.getWorkspace());
    auto apps = started.initApps(run.plan.getApps().size());
    for (unsigned i = 0; i < apps.size(); ++i) apps.set(i, run.plan.getApps()[i].getName());
  });
}

// All apps of a run, each started when what it needs is done.
class AppScheduler {
 public:
  AppScheduler(RunState& run, kj::FiberPool& pool) : run_(run), pool_(pool) {}

  std::map<std::string, AppOutcome> runAll(kj::WaitScope& wait) {
    // The plan's order puts an app after all it needs, so that their promises exist.
    auto all = kj::heapArrayBuilder<kj::Promise<void>>(run_.plan.getApps().size());
    for (auto app : run_.plan.getApps()) {
      auto& entry = started_[std::string(app.getName())];
      entry = kj::heap(start(app).fork());
      all.add(entry->addBranch());
    }
    kj::joinPromises(all.finish()).wait(wait);
    return std::move(outcomes_);
  }

 private:
  kj::Promise<void> start(wire::Plan::App::Reader app) {
    kj::Vector<kj::Promise<void>> needed;
    for (auto need : app.getNeeds()) {
      // An app that is not part of this run was released before, or never will be: that is its user's to
      // know.
      if (auto found = started_.find(need.cStr()); found != started_.end() && found->second.get() != nullptr)
        needed.add(found->second->addBranch());
    }
    return kj::joinPromises(needed.releaseAsArray()).then([this, app]() -> kj::Promise<void> {
      for (auto need : app.getNeeds()) {
        auto found = outcomes_.find(need.cStr());
        if (found == outcomes_.end() || found->second.outcome == wire::Event::Outcome::DONE) continue;
        skip(app, found->second, need.cStr());
        return kj::READY_NOW;
      }
      return pool_.startFiber([this, app](kj::WaitScope& fiber) {
        outcomes_[app.getName()] = runApp(fiber, run_, mapped_, app);
      });
    });
  }

  void skip(wire::Plan::App::Reader app, const AppOutcome& because, const std::string& need) {
    const bool cancelled = because.outcome == wire::Event::Outcome::CANCELLED;
    AppOutcome outcome{
        cancelled ? wire::Event::Outcome::CANCELLED : wire::Event::Outcome::SKIPPED, because.kind, {}};
    outcomes_[app.getName()] = outcome;
    run_.emitter.forApp(app.getName()).emit([&](wire::Event::Builder event) {
      auto finished = event.initAppFinished();
      finished.setOutcome(outcome.outcome);
      finished.setReason("it needs " + need + ", which " +
                         (cancelled                                          ? "was cancelled"
                          : because.outcome == wire::Event::Outcome::SKIPPED ? "was skipped"
                                                                             : "failed"));
    });
  }

  RunState& run_;
  kj::FiberPool& pool_;
  MapCache mapped_;
  std::map<std::string, kj::Own<kj::ForkedPromise<void>>> started_;
  std::map<std::string, AppOutcome> outcomes_;
};

RunReport summarise(const RunState& run, const std::map<std::string, AppOutcome>& outcomes) {
  RunReport report;
  for (auto app : run.plan.getApps()) {
    const AppOutcome& outcome = outcomes.at(app.getName());
    if (outcome.outcome == wire::Event::Outcome::DONE || outcome.outcome == wire::Event::Outcome::SKIPPED)
      continue;
    if (report.outcome == wire::Event::Outcome::DONE) report = {outcome.outcome, outcome.kind};
  }
  return report;
}

void tellEnd(const RunState& run, const RunReport& report, const std::map<std::string, AppOutcome>& outcomes,
             kj::Duration took) {
  std::vector<std::pair<std::string, std::string>> urls;
  for (auto app : run.plan.getApps()) {
    auto found = outcomes.find(app.getName());
    if (found != outcomes.end() && !found->second.url.empty())
      urls.emplace_back(found->first, found->second.url);
  }
  run.emitter.emit([&](wire::Event::Builder event) {
    auto finished = event.initRunFinished();
    finished.setOutcome(report.outcome);
    finished.setDurationMs(static_cast<std::uint64_t>(took / kj::MILLISECONDS));
    auto list = finished.initUrls(urls.size());
    for (unsigned i = 0; i < list.size(); ++i) {
      list[i].setName(urls[i].first);
      list[i].setValue(urls[i].second);
    }
  });
}

}  // namespace

Result<RunReport, Errors> runPlan(kj::WaitScope& wait, RunState& run, std::string command, bool adopt) {
  const auto started = run.context.timer().now();
  auto locks = lockApps(run.context, run.plan.getProject(), run.plan.getWorkspace(), appsOf(run.plan));
  if (!locks) return std::move(locks).error();
  Store& store = run.context.store;
  auto used = store.useProject(run.plan.getProject(), run.plan.getOrigin(), adopt).wait(wait);
  if (!used) return Errors{std::move(used).error()};
  // The locks are ours: what was running in these apps is no more.
  auto recovered = store.recoverInterrupted(run.plan.getProject()).wait(wait);
  if (!recovered) return Errors{std::move(recovered).error()};
  Run row{run.id, run.plan.getProject(), run.plan.getWorkspace(), run.context.actor, run.context.nowMs()};
  auto begun = store.beginRun(std::move(row)).wait(wait);
  if (!begun) return Errors{std::move(begun).error()};

  tellStart(run, command);
  RunReport report;
  std::map<std::string, AppOutcome> outcomes;
  auto problems = preflight(wait, run);
  if (!problems.empty()) {
    for (const Error& error : problems) run.emitter.diagnostic(masked(run.context.masking, error));
    report = {*run.context.cancelled ? wire::Event::Outcome::CANCELLED : wire::Event::Outcome::FAILED,
              problems.front().kind};
  } else {
    kj::FiberPool pool(kFiberStack);
    AppScheduler scheduler(run, pool);
    outcomes = scheduler.runAll(wait);
    report = summarise(run, outcomes);
  }
  auto finished = store.finishRun(run.id, storedOutcome(report.outcome)).wait(wait);
  if (!finished) run.emitter.diagnostic(finished.error());
  tellEnd(run, report, outcomes, run.context.timer().now() - started);
  return report;
}

}  // namespace cairn::host
