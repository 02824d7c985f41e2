#include "cli/run_stages.h"

#include "cli/plan_file.h"
#include "cli/record_text.h"

namespace cairn::cli {

Answer<ExitCode> runStages(CommandContext& context, std::vector<wire::StageKind> stages) {
  std::optional<Owned<wire::Plan>> plan;
  if (context.options.has("plan")) plan = CAIRN_TRY(readPlanFile(context.options.text("plan")));
  auto engine = CAIRN_TRY(context.engine());
  if (!plan) plan = CAIRN_TRY(engine->plan({.stages = std::move(stages)}, context.output));
  return exitCodeOf(CAIRN_TRY(engine->run(plan->reader(), context.output)));
}

Command stageCommand(wire::StageKind stage, std::string summary) {
  std::string word(stageWord(stage));
  return {.path = word,
          .group = "Step by step",
          .summary = std::move(summary),
          .example = "cairn " + word + " --app web",
          .run = [stage](CommandContext& context) { return runStages(context, {stage}); }};
}

}  // namespace cairn::cli
