#pragma once
// What every run that acts does at its beginning and its end.

#include <host/pipeline/context.h>
#include <host/project/settings_node.h>
#include <host/store/lock.h>

#include <string>
#include <vector>

namespace cairn::host {

// The locks of these apps, all or none. Errors: app-locked for each that is held.
Result<std::vector<AppLock>, Errors> lockApps(PipelineContext& context, const std::string& project,
                                              const std::string& workspace,
                                              const std::vector<std::string>& apps);

RunOutcome storedOutcome(wire::Event::Outcome outcome);

}  // namespace cairn::host
