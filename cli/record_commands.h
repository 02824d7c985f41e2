#pragma once
// `list` and `show` are the same for builds, artifacts, deployments and releases.

#include "cli/command.h"

namespace cairn::cli {

Command listCommand(wire::RecordKind kind);
Command showCommand(wire::RecordKind kind);

}  // namespace cairn::cli
