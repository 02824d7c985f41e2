#pragma once
// Projects and runs in the file.

#include <host/store/sqlite.h>
#include <host/store/store.h>

namespace cairn::host {

// Nothing where the project is unknown; other-origin where it is known from elsewhere.
Result<std::optional<std::string>> checkOrigin(Database& database, const std::string& name,
                                               const std::string& origin);
Result<void> setOrigin(Database& database, const std::string& name, const std::string& origin, int64_t nowMs);

Result<void> insertRun(Database& database, const Run& run);
Result<void> finishRun(Database& database, const std::string& id, RunOutcome outcome, int64_t nowMs);
// As they were written: a run whose process is gone is still `Running`.
Result<std::vector<Run>> listRuns(Database& database, const std::string& project, uint32_t limit);
Result<std::vector<Run>> unfinishedRuns(Database& database);
Result<std::optional<Run>> findRun(Database& database, const std::string& id);

}  // namespace cairn::host
