#include "host/store/open_database.h"

#include "host/store/id.h"
#include "host/store/migrations.h"
#include "host/store/state_folders.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace cairn::host {
namespace {

constexpr const char* kVersion = CAIRN_VERSION;

std::string parentFolder(const std::string& path) {
  size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? "." : path.substr(0, slash == 0 ? 1 : slash);
}

// SQLite would make the file readable for all; its log and index take over the mode of this one. It also says
// little about a file or folder that it can't write to. A file that is there is only looked at: closing it
// would end the locks that another store of this process has on it.
Result<void> makeFile(const std::string& path) {
  std::string folder = parentFolder(path);
  CAIRN_TRY(makePrivateFolder(folder));
  int file = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno != EEXIST) return folderError("write to", path, errno);
  if (file >= 0) close(file);
  if (access(path.c_str(), W_OK) != 0) return folderError("write to", path, errno);
  if (access(folder.c_str(), W_OK) != 0) return folderError("write to", folder, errno);
  return {};
}

// Asked once in a file's life. SQLite doesn't wait for others here, whatever the time it may.
Result<void> useWriteAheadLog(Database& database, uint32_t timeoutMs) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeoutMs);
  for (;;) {
    auto done = database.run("PRAGMA journal_mode = WAL");
    if (done || done.error().code != "store-busy" || std::chrono::steady_clock::now() > deadline) return done;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

Result<bool> isNew(Database& database) {
  Statement version = database.prepare("PRAGMA user_version");
  CAIRN_TRY(version.step());
  return version.integer(0) == 0;
}

// SQLite makes an index of the log where there is none, which it can't here. Without a log there is nothing
// to index, and all is in the file itself: as `immutable` it is read without.
bool hasLog(const std::string& path) {
  struct stat log {};
  return stat((path + "-wal").c_str(), &log) == 0 && log.st_size > 0;
}

}  // namespace

Result<Database> openDatabase(const SqliteStoreOptions& options, const kj::Clock& clock) {
  CAIRN_TRY(makeFile(options.path));
  Database database = CAIRN_TRY(Database::open(options.path, options.busyTimeoutMs));
  database.skipCheckpointOnClose();
  if (options.maxPages > 0) {
    CAIRN_TRY(database.runScript(("PRAGMA max_page_count = " + std::to_string(options.maxPages)).c_str()));
  }
  if (CAIRN_TRY(isNew(database))) CAIRN_TRY(useWriteAheadLog(database, options.busyTimeoutMs));
  // A short log is quickly read again by the next command.
  CAIRN_TRY(database.runScript("PRAGMA wal_autocheckpoint = 256; PRAGMA synchronous = FULL"));
  CAIRN_TRY(migrate(database, options.path, storeMigrations(), kVersion, unixMs(clock.now())));
  return database;
}

Result<Database> openReadOnlyDatabase(const SqliteStoreOptions& options, const kj::Clock& clock) {
  const auto access = hasLog(options.path) ? Database::Access::Read : Database::Access::ReadImmutable;
  Database database = CAIRN_TRY(Database::open(options.path, options.busyTimeoutMs, access));
  CAIRN_TRY(migrate(database, options.path, storeMigrations(), kVersion, unixMs(clock.now())));
  return database;
}

Result<Database> openEmptyDatabase() {
  Database database = CAIRN_TRY(Database::open(":memory:", 0));
  CAIRN_TRY(migrate(database, ":memory:", storeMigrations(), kVersion, 0));
  return database;
}

}  // namespace cairn::host
