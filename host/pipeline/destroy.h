#pragma once
// Removes what records say was made, by the records alone.

#include <host/pipeline/plan_run.h>
#include <host/pipeline/recorded_call.h>

#include <functional>
#include <set>

namespace cairn::host {

// What is to be destroyed: in this order, releases before the deployments they point to.
struct DestroyTargets {
  std::vector<StoredRecord> records;
};

// All releases and deployments of these apps that may have something outside, or were interrupted; `apps`
// empty: of all apps that are on record. On a fiber.
Result<DestroyTargets> findDestroyTargets(kj::WaitScope& wait, Store& store, const std::string& project,
                                          const std::string& workspace, const std::vector<std::string>& apps);

// What somebody agreed to, and how it is looked for again.
struct AgreedTargets {
  std::set<std::string> apps;
  std::set<std::string> ids;  // of the records that were shown
  std::function<Result<std::vector<StoredRecord>, Errors>()> find;
};

// Takes the apps' locks, looks again, and destroys what is found; what fails stays on record and the others
// go on. On a fiber.
//
// Errors before the first act: app-locked; stale-plan, where something is found that nobody agreed to; those
// of `find`.
Result<RunReport, Errors> destroyTargets(kj::WaitScope& wait, PipelineContext& context,
                                         const PluginCatalog& catalog, const Emitter& emitter,
                                         const std::string& project, const std::string& workspace,
                                         const AgreedTargets& agreed, const std::string& command);

}  // namespace cairn::host
