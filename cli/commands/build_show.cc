// `cairn build show`

#include "cli/record_commands.h"

namespace cairn::cli {

Command makeBuildShow() {
  return showCommand(wire::RecordKind::BUILD);
}

}  // namespace cairn::cli
