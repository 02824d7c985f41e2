#include "host/pipeline/run_locks.h"

namespace cairn::host {

Result<std::vector<AppLock>, Errors> lockApps(PipelineContext& context, const std::string& project,
                                              const std::string& workspace,
                                              const std::vector<std::string>& apps) {
  std::vector<AppLock> locks;
  Errors errors;
  for (const auto& app : apps) {
    auto lock =
        AppLock::tryTake(context.folders.locks(), {project, app, workspace}, context.actor, context.clock);
    if (lock) {
      locks.push_back(std::move(*lock));
    } else {
      errors.push_back(std::move(lock).error());
    }
  }
  if (!errors.empty()) return errors;
  return locks;
}

RunOutcome storedOutcome(wire::Event::Outcome outcome) {
  switch (outcome) {
    case wire::Event::Outcome::DONE:
      return RunOutcome::Done;
    case wire::Event::Outcome::CANCELLED:
      return RunOutcome::Cancelled;
    default:
      return RunOutcome::Failed;
  }
}

}  // namespace cairn::host
