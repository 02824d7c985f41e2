// `cairn artifact list`

#include "cli/record_commands.h"

namespace cairn::cli {

Command makeArtifactList() {
  return listCommand(wire::RecordKind::ARTIFACT);
}

}  // namespace cairn::cli
