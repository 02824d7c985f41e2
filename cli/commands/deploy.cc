// `cairn deploy`

#include "cli/run_stages.h"

namespace cairn::cli {

Command makeDeploy() {
  return stageCommand(wire::StageKind::DEPLOY, "Deploy the newest artifacts beside what serves");
}

}  // namespace cairn::cli
