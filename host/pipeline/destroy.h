#pragma once
// Removes what records say was made, by the records alone.

#include <host/pipeline/plan_run.h>
#include <host/pipeline/recorded_call.h>

namespace cairn::host {

// What is to be destroyed: in this order, releases before the deployments they point to.
struct DestroyTargets {
  std::vector<StoredRecord> records;
};

// All releases and deployments of these apps that may have something outside, or were interrupted; `apps`
// empty: of all apps that are on record. On a fiber.
Result<DestroyTargets> findDestroyTargets(kj::WaitScope& wait, Store& store, const std::string& project,
                                          const std::string& workspace, const std::vector<std::string>& apps);

// Destroys them; what fails stays on record and the others go on. Takes the apps' locks. On a fiber.
//
// Errors before the first act: app-locked.
Result<RunReport, Errors> destroyTargets(kj::WaitScope& wait, PipelineContext& context,
                                         const PluginCatalog& catalog, const Emitter& emitter,
                                         const std::string& project, const std::string& workspace,
                                         std::vector<StoredRecord> targets, const std::string& command);

}  // namespace cairn::host
