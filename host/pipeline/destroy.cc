#include "host/pipeline/destroy.h"

#include <cairn/owned.h>
#include <host/pipeline/prune.h>
#include <host/pipeline/run_locks.h>

#include <algorithm>
#include <array>
#include <optional>

namespace cairn::host {
namespace {

using State = wire::Record::State;

// A failed record is a target only while it has left something behind.
bool mayBeOutside(wire::Record::Reader record, const std::set<std::string>& withResources) {
  switch (record.getState()) {
    case State::DONE:
    case State::INTERRUPTED:
    case State::DESTROYING:
      return true;
    case State::FAILED:
    case State::RUNNING:
      return mayHaveMade(record, withResources.count(record.getId().cStr()) > 0);
    default:
      return false;
  }
}

// Releases of one app by one releaser have one address between them. It goes with the newest that was made,
// unless a later one was cut short after it had taken the address: that one goes before. An older one is
// asked only for what it alone made, such as the address it had in another engine.
std::string addressOf(wire::Record::Reader release) {
  return std::string(release.getApp()) + "\n" + std::string(release.getPlugin().getName()) + "\n" +
         std::string(release.getComponent().getName());
}

// Only deployments have versions that people know.
std::uint32_t shownVersion(wire::Record::Reader record) {
  return record.getKind() == wire::RecordKind::DEPLOYMENT ? record.getSequence() : 0;
}

// What came to be while the question stood was no part of the answer.
std::optional<Error> refuseUnseen(const std::vector<StoredRecord>& targets,
                                  const std::set<std::string>& agreed) {
  std::string unseen;
  for (const auto& target : targets) {
    if (agreed.count(target->getId().cStr()) > 0) continue;
    const bool isRelease = target->getKind() == wire::RecordKind::RELEASE;
    if (!unseen.empty()) unseen += ", ";
    unseen += (isRelease ? "release #" : "v") + std::to_string(target->getSequence()) + " of " +
              std::string(target->getApp());
  }
  if (unseen.empty()) return std::nullopt;
  return Error{.kind = ErrorKind::Refused,
               .code = "stale-plan",
               .message = "nothing was destroyed: there is more than was shown; new: " + unseen,
               .hint = "run it again, and look at what it shows"};
}

class Destroyer {
 public:
  Destroyer(kj::WaitScope& wait, PipelineContext& context, const PluginCatalog& catalog,
            const Emitter& emitter)
      : wait_(wait), context_(context), catalog_(catalog), emitter_(emitter) {}

  Result<void> destroy(wire::Record::Reader record) {
    const auto made = hasMade(record);
    // An older release had the same address and nothing else: it is gone already, and there is nothing to
    // tell.
    if (made && !*made && isDone(record)) return markDestroyed(wait_, context_, record, emitter_.run());
    const Emitter emitter = emitter_.forApp(std::string(record.getApp()))
                                .forStage("destroy", std::string(record.getPlugin().getName()));
    const auto started = context_.timer().now();
    emitter.emit([&](wire::Event::Builder event) {
      auto begun = event.initStageStarted();
      begun.setComponent(record.getComponent().getName());
      begun.setRecordId(record.getId());
      begun.setSequence(shownVersion(record));
    });
    auto done = remove(emitter, record, made);
    if (!done) emitter.diagnostic(masked(context_.masking, done.error()));
    emitter.emit([&](wire::Event::Builder event) {
      auto finished = event.initStageFinished();
      finished.setOutcome(done                                        ? wire::Event::Outcome::DONE
                          : done.error().kind == ErrorKind::Cancelled ? wire::Event::Outcome::CANCELLED
                                                                      : wire::Event::Outcome::FAILED);
      finished.setRecordId(record.getId());
      finished.setSequence(shownVersion(record));
      finished.setDurationMs(
          static_cast<std::uint64_t>((context_.timer().now() - started) / kj::MILLISECONDS));
    });
    return done;
  }

 private:
  static bool isDone(wire::Record::Reader record) {
    return record.getKind() == wire::RecordKind::RELEASE && record.hasValue() &&
           record.getValue().getTypeId() != 0;
  }

  Result<void> remove(const Emitter& emitter, wire::Record::Reader record, const Result<bool>& made) {
    if (!made) return made.error();
    if (*made) {
      auto plugin = CAIRN_TRY(locateRecorded(context_.broker, catalog_, record.getPlugin()).wait(wait_));
      return destroyJournaled(wait_, context_, emitter, plugin, record, emitter.run());
    }
    return markDestroyed(wait_, context_, record, emitter.run());
  }

  Result<bool> hasMade(wire::Record::Reader record) {
    const auto resources =
        CAIRN_TRY(context_.store.resources({.recordId = std::string(record.getId())}).wait(wait_));
    if (!mayHaveMade(record, !resources.empty())) return false;
    if (!mayHaveMade(record, false)) return true;  // it was cut short: all it made is in the journal
    return record.getKind() != wire::RecordKind::RELEASE || ownsSomething(record, resources);
  }

  bool ownsSomething(wire::Record::Reader release, const std::vector<Resource>& resources) {
    const std::string address = addressOf(release);
    bool owns = addresses_.insert(address).second;
    for (const Resource& resource : resources) {
      owns |= made_.insert({address, resource.kind, resource.name, resource.id}).second;
    }
    return owns;
  }

  kj::WaitScope& wait_;
  PipelineContext& context_;
  const PluginCatalog& catalog_;
  const Emitter& emitter_;
  std::set<std::string> addresses_;
  std::set<std::array<std::string, 4>> made_;  // by releases that were asked: address, kind, name, id
};

}  // namespace

Result<DestroyTargets> findDestroyTargets(kj::WaitScope& wait, Store& store, const std::string& project,
                                          const std::string& workspace,
                                          const std::vector<std::string>& apps) {
  std::set<std::string> withResources;
  for (const auto& resource :
       CAIRN_TRY(store.resources({.project = project, .workspace = workspace}).wait(wait)))
    withResources.insert(resource.recordId);
  DestroyTargets targets;
  for (auto kind : {wire::RecordKind::RELEASE, wire::RecordKind::DEPLOYMENT}) {
    for (auto& record :
         CAIRN_TRY(store.records({.project = project, .workspace = workspace, .kind = kind}).wait(wait))) {
      const bool asked =
          apps.empty() || std::find(apps.begin(), apps.end(), record->getApp().cStr()) != apps.end();
      if (asked && mayBeOutside(record.reader(), withResources)) targets.records.push_back(std::move(record));
    }
  }
  return targets;
}

Result<RunReport, Errors> destroyTargets(kj::WaitScope& wait, PipelineContext& context,
                                         const PluginCatalog& catalog, const Emitter& emitter,
                                         const std::string& project, const std::string& workspace,
                                         const AgreedTargets& agreed, const std::string& command) {
  const std::set<std::string>& apps = agreed.apps;
  auto locks = lockApps(context, project, workspace, {apps.begin(), apps.end()});
  if (!locks) return std::move(locks).error();
  auto targets = agreed.find();
  if (!targets) return std::move(targets).error();
  if (auto refused = refuseUnseen(*targets, agreed.ids)) return Errors{std::move(*refused)};
  auto begun =
      context.store.beginRun({emitter.run(), project, workspace, context.actor, context.nowMs()}).wait(wait);
  if (!begun) return Errors{std::move(begun).error()};
  const auto started = context.timer().now();
  emitter.emit([&](wire::Event::Builder event) {
    auto run = event.initRunStarted();
    run.setCommand(command);
    run.setProject(project);
    run.setWorkspace(workspace);
    auto list = run.initApps(apps.size());
    unsigned i = 0;
    for (const auto& app : apps) list.set(i++, app);
  });
  RunReport report;
  Destroyer destroyer(wait, context, catalog, emitter);
  for (const auto& target : *targets) {
    if (*context.cancelled) {
      report = {wire::Event::Outcome::CANCELLED, ErrorKind::Cancelled};
      break;
    }
    auto done = destroyer.destroy(target.reader());
    if (!done && report.outcome == wire::Event::Outcome::DONE)
      report = {wire::Event::Outcome::FAILED, done.error().kind};
  }
  if (auto finished = context.store.finishRun(emitter.run(), storedOutcome(report.outcome)).wait(wait);
      !finished)
    emitter.diagnostic(finished.error());
  emitter.emit([&](wire::Event::Builder event) {
    auto run = event.initRunFinished();
    run.setOutcome(report.outcome);
    run.setDurationMs(static_cast<std::uint64_t>((context.timer().now() - started) / kj::MILLISECONDS));
  });
  return report;
}

}  // namespace cairn::host
