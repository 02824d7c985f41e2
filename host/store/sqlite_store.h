#pragma once
// The embedded store: one SQLite file, used by any number of processes of one host at a time.

#include <host/store/store.h>

#include <kj/time.h>

#include <string>

namespace cairn::host {

struct SqliteStoreOptions {
  std::string path;        // StateFolders::database(); its folder is made when first written to
  std::string lockFolder;  // StateFolders::locks(); tells whether a run in another container still goes on
  uint32_t busyTimeoutMs = 10'000;  // how long to wait for another process's write
  uint32_t maxPages = 0;            // most pages of 4 KiB that the file may have; 0: what the disk holds
};

// Costs nothing until the first call: no file, no thread. Reading a store that does not exist yet makes no
// file either. `clock` must outlive it and be usable from another thread. Destroying it finishes what was
// asked.
kj::Own<Store> openSqliteStore(SqliteStoreOptions options, const kj::Clock& clock);

}  // namespace cairn::host
