#pragma once
// Brings the store's file into use: makes it where it is missing, and its layout the present one.

#include <cairn/base/result.h>
#include <host/store/sqlite.h>
#include <host/store/sqlite_store.h>

namespace cairn::host {

// Errors: store-read-only, store-full, store-corrupt, store-too-new, store-busy, state-folder.
Result<Database> openDatabase(const SqliteStoreOptions& options, const kj::Clock& clock);

// To read only, where the file or its folder can't be written to. Its write-ahead log is read too, as long as
// the log's index is there, as it is where no one tidied up.
//
// Errors: as above; also where the layout is an older one.
Result<Database> openReadOnlyDatabase(const SqliteStoreOptions& options, const kj::Clock& clock);

// The layout with nothing in it, in memory.
Result<Database> openEmptyDatabase();

}  // namespace cairn::host
