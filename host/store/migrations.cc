#include "host/store/migrations.h"

namespace cairn::host {
namespace {

constexpr int64_t kApplicationId = 0x43616972;  // "Cair", where file(1) looks for it

// Columns beside `content` are there to be searched; the record itself is its bytes.
constexpr const char* kFirstLayout = R"(
CREATE TABLE project (
  name TEXT PRIMARY KEY,
  origin TEXT NOT NULL,
  first_used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL,
  workspace TEXT NOT NULL,
  command TEXT NOT NULL,
  user TEXT NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  process_start INTEGER NOT NULL,
  boot TEXT NOT NULL,
  pid_namespace TEXT NOT NULL,
  started INTEGER NOT NULL,
  finished INTEGER NOT NULL,
  outcome TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX run_of_project ON run (project, id);
CREATE INDEX run_unfinished ON run (id) WHERE finished = 0;

CREATE TABLE record (
  id TEXT NOT NULL UNIQUE,
  project TEXT NOT NULL,
  app TEXT NOT NULL,
  workspace TEXT NOT NULL,
  kind TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  state TEXT NOT NULL,
  git_commit TEXT NOT NULL,
  parent TEXT NOT NULL,
  run TEXT NOT NULL,
  acting_run TEXT NOT NULL,
  started INTEGER NOT NULL,
  finished INTEGER NOT NULL,
  content BLOB NOT NULL,
  UNIQUE (project, app, workspace, kind, sequence)
) STRICT;
CREATE INDEX record_of_app ON record (project, app, workspace, id);
CREATE INDEX record_of_commit ON record (git_commit);
CREATE INDEX record_of_parent ON record (parent);
CREATE INDEX record_unfinished ON record (project) WHERE state IN ('running', 'destroying');

CREATE TABLE resource (
  handle INTEGER PRIMARY KEY AUTOINCREMENT,
  record TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  id TEXT NOT NULL,
  state TEXT NOT NULL,
  plugin TEXT NOT NULL,
  plugin_version TEXT NOT NULL,
  plugin_digest TEXT NOT NULL,
  plugin_path TEXT NOT NULL,
  intended INTEGER NOT NULL,
  created INTEGER NOT NULL,
  removed INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX resource_existing ON resource (record, kind, name) WHERE removed = 0;

CREATE TABLE schema (
  digest BLOB PRIMARY KEY,
  nodes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)";

constexpr const char* kMigrations[] = {kFirstLayout};

// The one table that no layout ever changes: a later Cairn's store tells an earlier Cairn through it who
// wrote it.
constexpr const char* kMigrationTable =
    "CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, cairn TEXT NOT NULL, applied INTEGER "
    "NOT NULL) STRICT";

Result<int64_t> pragma(Database& database, const char* query) {
  Statement statement = database.prepare(query);
  CAIRN_TRY(statement.step());
  return statement.integer(0);
}

Result<void> tooNew(Database& database, const std::string& path, int64_t found, size_t known,
                    const std::string& cairnVersion) {
  Statement writer = database.prepare("SELECT cairn FROM migration WHERE version = ?", found);
  auto row = writer.step();
  std::string other = row && *row ? "Cairn " + writer.text(0) : "a newer Cairn";
  return Error{
      .kind = ErrorKind::Refused,
      .code = "store-too-new",
      .message = "the store " + path + " was written by " + other + " (layout " + std::to_string(found) +
                 "); this is Cairn " + cairnVersion + ", which knows layouts up to " + std::to_string(known),
      .hint =
          "use " + other + " or newer here, or give this one a state folder of its own with XDG_STATE_HOME"};
}

Result<void> refuseForeign(Database& database, const std::string& path) {
  int64_t tables = CAIRN_TRY(pragma(database, "SELECT count(*) FROM sqlite_master"));
  if (tables == 0) return {};
  return Error{.kind = ErrorKind::Failed,
               .code = "store-corrupt",
               .message = path + " is a database, but not one of Cairn's",
               .hint = "move it away, or set XDG_STATE_HOME to another folder"};
}

Result<void> applyFrom(Database& database, size_t version, std::span<const char* const> migrations,
                       const std::string& cairnVersion, int64_t nowMs) {
  CAIRN_TRY(database.runScript(kMigrationTable));
  for (size_t next = version; next < migrations.size(); ++next) {
    CAIRN_TRY(database.runScript(migrations[next]));
    CAIRN_TRY(database.run("INSERT INTO migration VALUES (?, ?, ?)", next + 1, cairnVersion, nowMs));
  }
  CAIRN_TRY(database.runScript(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str()));
  return database.runScript(("PRAGMA user_version = " + std::to_string(migrations.size())).c_str());
}

}  // namespace

std::span<const char* const> storeMigrations() {
  return kMigrations;
}

Result<void> migrate(Database& database, const std::string& path, std::span<const char* const> migrations,
                     const std::string& cairnVersion, int64_t nowMs) {
  int64_t version = CAIRN_TRY(pragma(database, "PRAGMA user_version"));
  if (version == static_cast<int64_t>(migrations.size())) {
    if (CAIRN_TRY(pragma(database, "PRAGMA application_id")) == kApplicationId) return {};
    return refuseForeign(database, path);
  }
  // Told without the lock, which a store that can only be read doesn't give.
  if (version > static_cast<int64_t>(migrations.size()) &&
      CAIRN_TRY(pragma(database, "PRAGMA application_id")) == kApplicationId)
    return tooNew(database, path, version, migrations.size(), cairnVersion);
  // The write lock first, then the version once more: another process may be doing the same.
  CAIRN_TRY(database.run("BEGIN IMMEDIATE"));
  auto result = [&]() -> Result<void> {
    int64_t locked = CAIRN_TRY(pragma(database, "PRAGMA user_version"));
    if (CAIRN_TRY(pragma(database, "PRAGMA application_id")) != kApplicationId)
      CAIRN_TRY(refuseForeign(database, path));
    if (locked > static_cast<int64_t>(migrations.size()))
      return tooNew(database, path, locked, migrations.size(), cairnVersion);
    if (locked < static_cast<int64_t>(migrations.size())) {
      CAIRN_TRY(applyFrom(database, static_cast<size_t>(locked), migrations, cairnVersion, nowMs));
    }
    return database.run("COMMIT");
  }();
  if (!result && database.inTransaction()) (void)database.run("ROLLBACK");
  return result;
}

}  // namespace cairn::host
