#include "host/pipeline/status.h"

#include <cairn/owned.h>
#include <cairn/types.capnp.h>
#include <host/broker/call_answer.h>
#include <host/broker/work_folder.h>

#include <capnp/dynamic.h>

#include <algorithm>
#include <map>
#include <set>

namespace cairn::host {
namespace {

using State = wire::Record::State;

constexpr auto kStatusDeadline = 15 * kj::SECONDS;

// What of an app came through, or was destroyed, after a record did not come through.
class Successes {
 public:
  explicit Successes(const std::vector<StoredRecord>& records) {
    for (const auto& stored : records) {
      auto record = stored.reader();
      destroyedUnixMs_ = std::max(destroyedUnixMs_, record.getDestroyedUnixMs());
      if (record.getState() != State::DONE) continue;
      note(kindOf(record), record.getSequence());
      note(makerOf(record), record.getSequence());
    }
  }

  bool isNewer(wire::Record::Reader record) const {
    // Whoever destroyed the app's deployments since has no need to hear of a build.
    if (record.getKind() < wire::RecordKind::DEPLOYMENT && destroyedUnixMs_ > record.getStartedUnixMs())
      return true;
    return has(kindOf(record), record.getSequence());
  }
  // All releases of one app by one releaser have one address between them.
  bool takenOver(wire::Record::Reader record) const {
    return record.getKind() == wire::RecordKind::RELEASE && has(makerOf(record), record.getSequence());
  }

 private:
  static std::string kindOf(wire::Record::Reader record) {
    return std::to_string(static_cast<int>(record.getKind()));
  }
  static std::string makerOf(wire::Record::Reader record) {
    return kindOf(record) + "\n" + std::string(record.getPlugin().getName()) + "\n" +
           std::string(record.getComponent().getName());
  }
  void note(const std::string& what, std::uint32_t sequence) {
    newest_[what] = std::max(newest_[what], sequence);
  }
  bool has(const std::string& what, std::uint32_t after) const {
    auto found = newest_.find(what);
    return found != newest_.end() && found->second > after;
  }

  std::map<std::string, std::uint32_t> newest_;
  std::int64_t destroyedUnixMs_ = 0;
};

class StatusReader {
 public:
  StatusReader(kj::WaitScope& wait, PipelineContext& context, const PluginCatalog& catalog,
               const Emitter& emitter)
      : wait_(wait), context_(context), catalog_(catalog), emitter_(emitter) {}

  Result<AppCondition> read(const AppScope& app) {
    AppCondition condition;
    condition.app = app.app;
    condition.release = CAIRN_TRY(context_.store.servingRelease(app).wait(wait_));
    if (condition.release) condition.servingId = (*condition.release)->getParent();
    std::set<std::string> left;
    for (const auto& resource : CAIRN_TRY(
             context_.store.resources({.project = app.project, .app = app.app, .workspace = app.workspace})
                 .wait(wait_))) {
      left.insert(resource.recordId);
    }
    auto records =
        CAIRN_TRY(context_.store.records({.project = app.project, .app = app.app, .workspace = app.workspace})
                      .wait(wait_));
    const Successes successes(records);
    for (auto& record : records) {
      const bool remains = left.count(record->getId().cStr()) > 0;
      switch (record->getState()) {
        case State::DONE:
          if (record->getKind() == wire::RecordKind::DEPLOYMENT)
            condition.deployments.push_back(withStatus(std::move(record)));
          break;
        case State::INTERRUPTED:
          // A later release takes over the address of one that was cut short, and what had begun nothing
          // outside is told only until one of its kind comes through. What had been made, and was cut short
          // while it was removed, may be half there.
          if (successes.takenOver(record.reader())) break;
          if (mayHaveMade(record.reader(), remains) || !successes.isNewer(record.reader()))
            condition.interrupted.push_back(std::move(record));
          break;
        case State::FAILED:
          // A build whose value is of no use has nothing outside because of it.
          if ((record->getKind() < wire::RecordKind::DEPLOYMENT ? remains
                                                                : mayHaveMade(record.reader(), remains)) &&
              !successes.takenOver(record.reader()))
            condition.interrupted.push_back(std::move(record));
          break;
        case State::RUNNING:
        case State::DESTROYING:
          condition.running.push_back(std::move(record));
          break;
        default:
          break;
      }
    }
    return condition;
  }

  StoredRecord withStatus(StoredRecord stored) {
    auto record = stored.reader();
    const Emitter emitter = emitter_.forApp(std::string(record.getApp()))
                                .forStage("status", std::string(record.getPlugin().getName()));
    auto answer = ask(emitter, record);
    if (!answer) {
      if (answer.error().code == "no-operation") return stored;
      emitter.diagnostic(
          masked(context_.masking, std::move(answer).error().context(
                                       "asking how v" + std::to_string(record.getSequence()) + " is")),
          wire::Diagnostic::Severity::WARNING);
      return stored;
    }
    ValueReader value(answer->value);
    Owned<wire::Status> safe(value.as<wire::Status>());
    maskTexts(context_.masking, capnp::toDynamic(*safe));
    const auto status = safe.reader();
    const std::int64_t now = context_.nowMs();
    // The status is a memory aid: a store that can't be written must not keep it from being shown.
    (void)context_.store.noteStatus(std::string(record.getId()), status, now).wait(wait_);
    Owned<wire::Record> changed(record);
    changed->setStatus(status);
    changed->setStatusUnixMs(now);
    return StoredRecord(changed.reader());
  }

 private:
  Result<CallAnswer> ask(const Emitter& emitter, wire::Record::Reader record) {
    auto plugin = CAIRN_TRY(locateRecorded(context_.broker, catalog_, record.getPlugin()).wait(wait_));
    RecordedCallExtras extras;
    extras.deadline = kStatusDeadline;
    auto answer = CAIRN_TRY(callRecorded(wait_, context_, emitter, plugin, record,
                                         wire::Manifest::Operation::Name::STATUS, kj::mv(extras)));
    CAIRN_TRY(checkStandardAnswer(answer.value, capnp::Schema::from<wire::Status>(), "cairn.Status",
                                  plugin.bundle.name, "status"));
    return answer;
  }

  kj::WaitScope& wait_;
  PipelineContext& context_;
  const PluginCatalog& catalog_;
  const Emitter& emitter_;
};

}  // namespace

StoredRecord withStatusOfNow(kj::WaitScope& wait, PipelineContext& context, const PluginCatalog& catalog,
                             const Emitter& emitter, StoredRecord deployment) {
  return StatusReader(wait, context, catalog, emitter).withStatus(std::move(deployment));
}

Result<std::vector<AppCondition>> readStatus(kj::WaitScope& wait, PipelineContext& context,
                                             const PluginCatalog& catalog, const Emitter& emitter,
                                             const std::string& project, const std::string& workspace,
                                             std::vector<std::string> apps, bool onlyThese) {
  // A run that died is told as interrupted from here on; where the store can't be written it is told all the
  // same, by its state.
  (void)context.store.recoverInterrupted(project).wait(wait);
  removeAbandonedWorkFolders();
  if (!onlyThese) {
    for (const auto& record :
         CAIRN_TRY(context.store.records({.project = project, .workspace = workspace}).wait(wait))) {
      if (std::find(apps.begin(), apps.end(), record->getApp().cStr()) == apps.end())
        apps.emplace_back(record->getApp());
    }
  }
  StatusReader reader(wait, context, catalog, emitter);
  std::vector<AppCondition> out;
  for (const auto& app : apps) out.push_back(CAIRN_TRY(reader.read({project, app, workspace})));
  return out;
}

}  // namespace cairn::host
