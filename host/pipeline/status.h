#pragma once
// How the apps of a project are: what is on record, and what their platforms say of it now.

#include <host/pipeline/recorded_call.h>

namespace cairn::host {

struct AppCondition {
  std::string app;
  std::optional<StoredRecord> release;    // what serves
  std::string servingId;                  // its deployment
  std::vector<StoredRecord> deployments;  // those that exist outside, newest first, with today's status
  std::vector<StoredRecord> interrupted;  // of any kind, left behind by a run that died or failed
  std::vector<StoredRecord> running;      // what another run is doing now
};

// Of these apps, then of all others on record; `apps` are in the file's order. What can't be asked keeps the
// status last seen, with a warning. On a fiber.
Result<std::vector<AppCondition>> readStatus(kj::WaitScope& wait, PipelineContext& context,
                                             const PluginCatalog& catalog, const Emitter& emitter,
                                             const std::string& project, const std::string& workspace,
                                             std::vector<std::string> apps, bool onlyThese);

// The deployment's record with what its platform says of it now; as it was where that can't be asked, with a
// warning. On a fiber.
StoredRecord withStatusOfNow(kj::WaitScope& wait, PipelineContext& context, const PluginCatalog& catalog,
                             const Emitter& emitter, StoredRecord deployment);

}  // namespace cairn::host
