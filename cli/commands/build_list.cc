// `cairn build list`

#include "cli/record_commands.h"

namespace cairn::cli {

Command makeBuildList() {
  return listCommand(wire::RecordKind::BUILD);
}

}  // namespace cairn::cli
