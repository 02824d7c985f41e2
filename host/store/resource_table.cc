#include "host/store/resource_table.h"

#include "host/store/record_table.h"

namespace cairn::host {
namespace {

constexpr const char* kListResources = R"(
SELECT handle, record, resource.kind, name, resource.id, resource.state, plugin, plugin_version, plugin_digest, plugin_path,
       intended, created
FROM resource JOIN record ON record.id = resource.record
WHERE removed = 0 AND (?1 = '' OR record = ?1) AND (?2 = '' OR project = ?2) AND (?3 = '' OR app = ?3)
  AND (?4 = '' OR workspace = ?4) AND (?5 = '' OR record.kind = ?5)
ORDER BY handle)";

// The same through the journal's own index: what every destroy and every plugin asks.
constexpr const char* kListOfRecord = R"(
SELECT handle, record, kind, name, id, state, plugin, plugin_version, plugin_digest, plugin_path, intended, created
FROM resource WHERE removed = 0 AND record = ? ORDER BY handle)";

Resource resourceAt(const Statement& row) {
  Resource out;
  out.handle = static_cast<uint64_t>(row.integer(0));
  out.recordId = row.text(1);
  out.kind = row.text(2);
  out.name = row.text(3);
  out.id = row.text(4);
  out.state = row.text(5);
  out.plugin = {row.text(6), row.text(7), row.text(8), row.text(9)};
  out.intendedUnixMs = row.integer(10);
  out.createdUnixMs = row.integer(11);
  return out;
}

Result<void> requireOneChanged(Database& database, uint64_t handle) {
  if (database.changedRows() == 1) return {};
  return Error{.kind = ErrorKind::NotFound,
               .code = "resource-not-found",
               .message = "the journal has no resource " + std::to_string(handle) + ", or it was removed",
               .hint = "a plugin asked for it: report it to its author"};
}

}  // namespace

Result<uint64_t> intendResource(Database& database, const std::string& recordId, const std::string& kind,
                                const std::string& name, const PluginIdentity& plugin, int64_t nowMs) {
  CAIRN_TRY(requireRecord(database, recordId));
  Statement known = database.prepare(
      "SELECT handle FROM resource WHERE record = ? AND kind = ? AND name = ? AND removed = 0", recordId,
      kind, name);
  if (CAIRN_TRY(known.step())) return static_cast<uint64_t>(known.integer(0));
  CAIRN_TRY(database.run(
      "INSERT INTO resource (record, kind, name, id, state, plugin, plugin_version, plugin_digest, "
      "plugin_path, intended, created, "
      "removed) VALUES (?, ?, ?, '', '', ?, ?, ?, ?, ?, 0, 0)",
      recordId, kind, name, plugin.name, plugin.version, plugin.bundleDigest, plugin.path, nowMs));
  return static_cast<uint64_t>(database.lastInsertId());
}

Result<void> markCreated(Database& database, uint64_t handle, const std::string& id, const std::string& state,
                         int64_t nowMs) {
  CAIRN_TRY(
      database.run("UPDATE resource SET id = ?, state = ?, created = CASE created WHEN 0 THEN ? ELSE created "
                   "END WHERE handle = ? AND removed = 0",
                   id, state, nowMs, handle));
  return requireOneChanged(database, handle);
}

Result<void> markRemoved(Database& database, uint64_t handle, int64_t nowMs) {
  CAIRN_TRY(database.run("UPDATE resource SET removed = ? WHERE handle = ? AND removed = 0", nowMs, handle));
  return requireOneChanged(database, handle);
}

Result<std::vector<Resource>> listResources(Database& database, const ResourceFilter& filter) {
  const bool ofRecord = !filter.recordId.empty() && filter.project.empty() && filter.app.empty() &&
                        filter.workspace.empty() && !filter.kind;
  const std::string_view kind = filter.kind ? kindName(*filter.kind) : std::string_view();
  Statement rows = ofRecord ? database.prepare(kListOfRecord, filter.recordId)
                            : database.prepare(kListResources, filter.recordId, filter.project, filter.app,
                                               filter.workspace, kind);
  std::vector<Resource> out;
  while (CAIRN_TRY(rows.step())) out.push_back(resourceAt(rows));
  return out;
}

}  // namespace cairn::host
