// `cairn release list`

#include "cli/record_commands.h"

namespace cairn::cli {

Command makeReleaseList() {
  return listCommand(wire::RecordKind::RELEASE);
}

}  // namespace cairn::cli
