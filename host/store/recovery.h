#pragma once
// Finds the records that a process left in the middle, and says how far they had come.

#include <host/store/sqlite.h>
#include <host/store/store.h>

namespace cairn::host {

Result<std::vector<StoredRecord>> recoverInterrupted(Database& database, const std::string& project,
                                                     const std::string& lockFolder, int64_t nowMs);

}  // namespace cairn::host
