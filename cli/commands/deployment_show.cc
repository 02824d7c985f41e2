// `cairn deployment show`

#include "cli/record_commands.h"

namespace cairn::cli {

Command makeDeploymentShow() {
  return showCommand(wire::RecordKind::DEPLOYMENT);
}

}  // namespace cairn::cli
