#include "host/store/run_table.h"

#include <array>

namespace cairn::host {
namespace {

constexpr std::array<std::string_view, 5> kOutcomes = {"running", "done", "failed", "cancelled",
                                                       "interrupted"};  // as RunOutcome

std::string_view outcomeName(RunOutcome outcome) {
  return kOutcomes[static_cast<size_t>(outcome)];
}

RunOutcome outcomeOf(const std::string& name) {
  for (size_t i = 0; i < kOutcomes.size(); ++i) {
    if (kOutcomes[i] == name) return static_cast<RunOutcome>(i);
  }
  return RunOutcome::Failed;
}

constexpr const char* kSelectRun =
    "SELECT id, project, workspace, command, user, host, pid, process_start, boot, pid_namespace, started, "
    "finished, outcome FROM run ";

Run runAt(const Statement& row) {
  Run out;
  out.id = row.text(0);
  out.project = row.text(1);
  out.workspace = row.text(2);
  out.actor = {row.text(4),
               row.text(5),
               row.text(3),
               {static_cast<int32_t>(row.integer(6)), static_cast<uint64_t>(row.integer(7)), row.text(8),
                row.text(9)}};
  out.startedUnixMs = row.integer(10);
  out.finishedUnixMs = row.integer(11);
  out.outcome = outcomeOf(row.text(12));
  return out;
}

Result<std::vector<Run>> all(Statement statement) {
  std::vector<Run> out;
  while (CAIRN_TRY(statement.step())) out.push_back(runAt(statement));
  return out;
}

}  // namespace

Result<std::optional<std::string>> checkOrigin(Database& database, const std::string& name,
                                               const std::string& origin) {
  Statement known = database.prepare("SELECT origin FROM project WHERE name = ?", name);
  if (!CAIRN_TRY(known.step())) return std::optional<std::string>();
  std::string found = known.text(0);
  if (found == origin) return std::optional<std::string>(found);
  return Error{.kind = ErrorKind::Refused,
               .code = "other-origin",
               .message = "project \"" + name + "\" is known from " + found + ", and this is " + origin,
               .hint =
                   "run it with --adopt if it is the same project in a new place; otherwise give this one "
                   "another name"};
}

Result<void> setOrigin(Database& database, const std::string& name, const std::string& origin,
                       int64_t nowMs) {
  return database.run(
      "INSERT INTO project VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET origin = excluded.origin", name,
      origin, nowMs);
}

Result<void> insertRun(Database& database, const Run& run) {
  const ProcessIdentity& process = run.actor.process;
  return database.run("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", run.id, run.project,
                      run.workspace, run.actor.command, run.actor.user, run.actor.host, process.pid,
                      process.startTime, process.bootId, process.pidNamespace, run.startedUnixMs,
                      run.finishedUnixMs, outcomeName(run.outcome));
}

Result<void> finishRun(Database& database, const std::string& id, RunOutcome outcome, int64_t nowMs) {
  return database.run("UPDATE run SET finished = ?, outcome = ? WHERE id = ?", nowMs, outcomeName(outcome),
                      id);
}

Result<std::vector<Run>> listRuns(Database& database, const std::string& project, uint32_t limit) {
  std::string tail = limit > 0 ? " LIMIT " + std::to_string(limit) : "";
  return all(database.prepare(kSelectRun + ("WHERE project = ? ORDER BY id DESC" + tail), project));
}

Result<std::vector<Run>> unfinishedRuns(Database& database) {
  return all(database.prepare(kSelectRun + std::string("WHERE finished = 0 ORDER BY id")));
}

Result<std::optional<Run>> findRun(Database& database, const std::string& id) {
  auto found = CAIRN_TRY(all(database.prepare(kSelectRun + std::string("WHERE id = ?"), id)));
  if (found.empty()) return std::optional<Run>();
  return std::optional<Run>(std::move(found.front()));
}

}  // namespace cairn::host
