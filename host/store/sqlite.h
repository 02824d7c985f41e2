#pragma once
// SQLite as this room uses it: a connection, statements, and what their failures mean to a person. One thread
// at a time.

#include <cairn/base/result.h>

#include <kj/array.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace cairn::host {

class Database;

// Parameters are bound in order; a failure to prepare or bind is told by the next step().
class Statement {
 public:
  Statement& bind(std::string_view text);
  Statement& bind(std::integral auto number) { return bindInteger(static_cast<int64_t>(number)); }
  Statement& bindBytes(kj::ArrayPtr<const kj::byte> bytes);

  // Whether there is a row.
  Result<bool> step();
  // For a statement that gives no rows.
  Result<void> run();

  // Of the row that step() has reached, columns from 0; texts and bytes are copies.
  int64_t integer(int column) const;
  std::string text(int column) const;
  kj::Array<kj::byte> bytes(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  Statement(const Database& database, std::string_view sql);
  Statement& bindInteger(int64_t number);

  const Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int failure_ = 0;
  int bound_ = 0;
};

class Database {
 public:
  // ReadImmutable: nobody writes to the file, and it has no log.
  enum class Access { Write, Read, ReadImmutable };

  // An existing file, or ":memory:".
  static Result<Database> open(const std::string& path, uint32_t busyTimeoutMs,
                               Access access = Access::Write);

  // The statement with `values` bound; it must not outlive the database.
  template <typename... Values>
  Statement prepare(std::string_view sql, const Values&... values) {
    Statement out(*this, sql);
    (out.bind(values), ...);
    return out;
  }
  template <typename... Values>
  Result<void> run(std::string_view sql, const Values&... values) {
    return prepare(sql, values...).run();
  }
  // Several statements, without parameters.
  Result<void> runScript(const char* sql);

  int64_t lastInsertId() const;
  uint64_t changedRows() const;  // by the last statement
  bool inTransaction() const;
  // Leaves the write-ahead log as it is when the connection ends, which saves two syncs at each end of a
  // program.
  void skipCheckpointOnClose();

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* connection) const;
  };

  Database(std::string path, sqlite3* connection) : path_(std::move(path)), connection_(connection) {}
  Error failure(int code) const;

  std::string path_;
  std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace cairn::host
