// `cairn build`

#include "cli/run_stages.h"

namespace cairn::cli {

Command makeBuild() {
  return stageCommand(wire::StageKind::BUILD, "Build the apps from source");
}

}  // namespace cairn::cli
