// `cairn release show`

#include "cli/record_commands.h"

namespace cairn::cli {

Command makeReleaseShow() {
  return showCommand(wire::RecordKind::RELEASE);
}

}  // namespace cairn::cli
