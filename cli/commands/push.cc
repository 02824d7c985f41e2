// `cairn push`

#include "cli/run_stages.h"

namespace cairn::cli {

Command makePush() {
  return stageCommand(wire::StageKind::PUSH, "Push the newest builds to their registries");
}

}  // namespace cairn::cli
