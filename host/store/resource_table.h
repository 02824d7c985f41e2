#pragma once
// The journal in the file: what was intended outside, what became of it.

#include <host/store/sqlite.h>
#include <host/store/store.h>

namespace cairn::host {

Result<uint64_t> intendResource(Database& database, const std::string& recordId, const std::string& kind,
                                const std::string& name, const PluginIdentity& plugin, int64_t nowMs);
Result<void> markCreated(Database& database, uint64_t handle, const std::string& id, const std::string& state,
                         int64_t nowMs);
Result<void> markRemoved(Database& database, uint64_t handle, int64_t nowMs);
Result<std::vector<Resource>> listResources(Database& database, const ResourceFilter& filter);

}  // namespace cairn::host
