// `cairn release`

#include "cli/run_stages.h"

namespace cairn::cli {

Command makeRelease() {
  return stageCommand(wire::StageKind::RELEASE, "Let the newest deployments serve");
}

}  // namespace cairn::cli
