// `cairn deployment list`

#include "cli/record_commands.h"

namespace cairn::cli {

Command makeDeploymentList() {
  return listCommand(wire::RecordKind::DEPLOYMENT);
}

}  // namespace cairn::cli
