// `cairn artifact show`

#include "cli/record_commands.h"

namespace cairn::cli {

Command makeArtifactShow() {
  return showCommand(wire::RecordKind::ARTIFACT);
}

}  // namespace cairn::cli
