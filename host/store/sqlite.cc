#include "host/store/sqlite.h"

#include "host/store/state_folders.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

namespace cairn::host {
namespace {

Error fullError(const std::string& path) {
  return folderError("write to", path, ENOSPC);
}

Error corruptError(const std::string& path, const std::string& why) {
  return {
      .kind = ErrorKind::Failed,
      .code = "store-corrupt",
      .message = "the store " + path + " is damaged: " + why,
      .hint =
          "put a backup in its place, or move it away together with its -wal and -shm files to begin anew"};
}

Error busyError(const std::string& path) {
  return {.kind = ErrorKind::Unavailable,
          .code = "store-busy",
          .message = "another process has been writing to the store " + path + " for too long",
          .hint = "see which program holds it open (fuser " + path + "), and run the command again"};
}

// The thread's errno is often overwritten by SQLite's own tidying up; the files keep theirs. A quota or a
// limit is told only there.
int systemErrorOf(sqlite3* connection) {
  int found = 0;
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_LAST_ERRNO, &found);
  sqlite3_file* log = nullptr;
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (found == 0 && log != nullptr && log->pMethods != nullptr) {
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &found);
  }
  if (found == 0) found = sqlite3_system_errno(connection);
  return found != 0 ? found : EIO;
}

std::string uriOf(const std::string& path) {
  std::string out = "file:";
  for (const char c : path) {
    if (c == '%')
      out += "%25";
    else if (c == '?')
      out += "%3f";
    else if (c == '#')
      out += "%23";
    else
      out += c;
  }
  return out;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(const Database& database, std::string_view sql) : database_(&database) {
  sqlite3_stmt* prepared = nullptr;
  failure_ = sqlite3_prepare_v2(database.connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                &prepared, nullptr);
  statement_.reset(prepared);
}

Statement& Statement::bind(std::string_view text) {
  if (failure_ == SQLITE_OK) {
    failure_ = sqlite3_bind_text(statement_.get(), ++bound_, text.data() != nullptr ? text.data() : "",
                                 static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
  return *this;
}

Statement& Statement::bindInteger(int64_t number) {
  if (failure_ == SQLITE_OK) failure_ = sqlite3_bind_int64(statement_.get(), ++bound_, number);
  return *this;
}

Statement& Statement::bindBytes(kj::ArrayPtr<const kj::byte> bytes) {
  if (failure_ == SQLITE_OK) {
    failure_ = sqlite3_bind_blob64(statement_.get(), ++bound_,
                                   bytes.size() > 0 ? bytes.begin() : reinterpret_cast<const kj::byte*>(""),
                                   bytes.size(), SQLITE_TRANSIENT);
  }
  return *this;
}

Result<bool> Statement::step() {
  if (failure_ != SQLITE_OK) return database_->failure(failure_);
  int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_->failure(code);
}

Result<void> Statement::run() {
  while (CAIRN_TRY(step())) {
  }
  return {};
}

int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
  auto start = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return start == nullptr ? std::string()
                          : std::string(start, sqlite3_column_bytes(statement_.get(), column));
}

kj::Array<kj::byte> Statement::bytes(int column) const {
  auto start = static_cast<const kj::byte*>(sqlite3_column_blob(statement_.get(), column));
  size_t size = sqlite3_column_bytes(statement_.get(), column);
  return kj::heapArray(start, start == nullptr ? 0 : size);
}

void Database::Close::operator()(sqlite3* connection) const {
  sqlite3_close_v2(connection);
}

Result<Database> Database::open(const std::string& path, uint32_t busyTimeoutMs, Access access) {
  sqlite3* connection = nullptr;
  const bool immutable = access == Access::ReadImmutable;
  const int flags = (access == Access::Write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                    (immutable ? SQLITE_OPEN_URI : 0) | SQLITE_OPEN_NOMUTEX;
  const std::string name = immutable ? uriOf(path) + "?immutable=1" : path;
  int code = sqlite3_open_v2(name.c_str(), &connection, flags, nullptr);
  Database out(path, connection);
  if (code != SQLITE_OK) return out.failure(code);
  sqlite3_extended_result_codes(connection, 1);
  sqlite3_busy_timeout(connection, static_cast<int>(busyTimeoutMs));
  return out;
}

Result<void> Database::runScript(const char* sql) {
  int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(code);
  return {};
}

int64_t Database::lastInsertId() const {
  return sqlite3_last_insert_rowid(connection_.get());
}
uint64_t Database::changedRows() const {
  return sqlite3_changes64(connection_.get());
}
bool Database::inTransaction() const {
  return sqlite3_get_autocommit(connection_.get()) == 0;
}

void Database::skipCheckpointOnClose() {
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Error Database::failure(int code) const {
  std::string why = sqlite3_errmsg(connection_.get());
  switch (code & 0xff) {
    case SQLITE_FULL:
      return fullError(path_);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return corruptError(path_, why);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return busyError(path_);
    case SQLITE_READONLY:
      return folderError("write to", path_, EACCES);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return folderError("use", path_, systemErrorOf(connection_.get()));
    default:
      return {.kind = ErrorKind::Internal,
              .code = "store-failed",
              .message = "the store " + path_ + " failed: " + why};
  }
}

}  // namespace cairn::host
