#pragma once
// What up, build, push, deploy and release have in common: plan fully, then run exactly that plan.

#include "cli/command.h"

namespace cairn::cli {

Answer<ExitCode> runStages(CommandContext& context, std::vector<wire::StageKind> stages);

// The command that runs one stage, on the newest records of the stage before it.
Command stageCommand(wire::StageKind stage, std::string summary);

}  // namespace cairn::cli
