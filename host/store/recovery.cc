#include "host/store/recovery.h"

#include "host/store/record_table.h"
#include "host/store/resource_table.h"
#include "host/store/run_table.h"

#include <cairn/owned.h>

#include <algorithm>

namespace cairn::host {
namespace {

constexpr size_t kResourcesNamed = 5;

struct Unfinished {
  StoredRecord record;
  std::string runId;
};

Result<std::vector<Unfinished>> unfinishedRecords(Database& database, const std::string& project) {
  Statement rows = database.prepare(
      "SELECT content, acting_run FROM record WHERE state IN ('running', 'destroying') AND (?1 = '' OR "
      "project = ?1) ORDER BY id",
      project);
  std::vector<Unfinished> out;
  while (CAIRN_TRY(rows.step())) out.push_back({recordAt(rows, 0), rows.text(1)});
  return out;
}

// A run in another container can't be looked at, but the lock that it holds while it works on an app can.
bool goesOn(const std::optional<Run>& run, wire::Record::Reader record, const std::string& lockFolder) {
  if (!run || run->finishedUnixMs != 0) return false;
  switch (livenessOf(run->actor)) {
    case Liveness::Alive:
      return true;
    case Liveness::Gone:
      return false;
    case Liveness::Unknown:
      return AppLock::isHeld(
          lockFolder, {record.getProject().cStr(), record.getApp().cStr(), record.getWorkspace().cStr()});
  }
  return true;
}

std::string namesOf(const std::vector<Resource>& resources) {
  std::string out;
  for (size_t i = 0; i < resources.size() && i < kResourcesNamed; ++i) {
    const Resource& resource = resources[i];
    out += out.empty() ? "" : ", ";
    out += resource.kind + ' ' + resource.name + (resource.createdUnixMs == 0 ? " (may exist)" : "");
  }
  return resources.size() > kResourcesNamed
             ? out + " and " + std::to_string(resources.size() - kResourcesNamed) + " more"
             : out;
}

std::string howFar(wire::Record::Reader record, const std::optional<Run>& run,
                   const std::vector<Resource>& resources) {
  bool destroying = record.getState() == wire::Record::State::DESTROYING;
  std::string out = destroying ? "stopped while it was being destroyed" : "stopped before it was done";
  if (run)
    out += " by the end of `" + run->actor.command + "` (pid " + std::to_string(run->actor.process.pid) + ")";
  if (resources.empty())
    return out + (destroying ? "; nothing of it is left" : "; nothing had been begun outside");
  return out + (destroying ? "; left: " : "; begun: ") + namesOf(resources);
}

Result<StoredRecord> interrupt(Database& database, const Unfinished& unfinished,
                               const std::optional<Run>& run, int64_t nowMs) {
  wire::Record::Reader before = unfinished.record.reader();
  auto resources = CAIRN_TRY(listResources(database, {.recordId = before.getId().cStr()}));
  Owned<wire::Record> after(before);
  after->setState(wire::Record::State::INTERRUPTED);
  after->setStateText(howFar(before, run, resources));
  if (after->getFinishedUnixMs() == 0) after->setFinishedUnixMs(nowMs);
  StoredRecord out(after.reader());
  CAIRN_TRY(replaceRecord(database, out, ""));
  return out;
}

}  // namespace

Result<std::vector<StoredRecord>> recoverInterrupted(Database& database, const std::string& project,
                                                     const std::string& lockFolder, int64_t nowMs) {
  std::vector<StoredRecord> out;
  for (const Unfinished& unfinished : CAIRN_TRY(unfinishedRecords(database, project))) {
    auto run = CAIRN_TRY(findRun(database, unfinished.runId));
    if (goesOn(run, unfinished.record.reader(), lockFolder)) continue;
    out.push_back(CAIRN_TRY(interrupt(database, unfinished, run, nowMs)));
  }
  for (const Run& run : CAIRN_TRY(unfinishedRuns(database))) {
    if (!project.empty() && run.project != project) continue;
    bool wasInterrupted = std::any_of(out.begin(), out.end(),
                                      [&](auto& record) { return record->getRunId() == run.id.c_str(); });
    if (wasInterrupted || livenessOf(run.actor) == Liveness::Gone) {
      CAIRN_TRY(finishRun(database, run.id, RunOutcome::Interrupted, nowMs));
    }
  }
  return out;
}

}  // namespace cairn::host
