// `cairn plan`

#include "cli/command.h"
#include "cli/plan_file.h"
#include "cli/plan_text.h"

namespace cairn::cli {

namespace {

Answer<ExitCode> run(CommandContext& context) {
  using wire::StageKind;
  auto engine = CAIRN_TRY(context.engine());
  RunRequest request{{StageKind::BUILD, StageKind::PUSH, StageKind::DEPLOY, StageKind::RELEASE}};
  auto plan = CAIRN_TRY(engine->plan(request, context.output));
  std::string file = context.options.text("out");
  if (!file.empty()) CAIRN_TRY(writePlanFile(file, plan.reader()));
  context.output.json(planJson(plan.reader()));
  context.output.lines(planLines(plan.reader(), context.options.has("verbose")));
  if (!file.empty()) context.output.text("'cairn up --plan " + file + "' runs exactly this");
  return ExitCode::Done;
}

}  // namespace

Command makePlan() {
  return {.path = "plan",
          .group = "Every day",
          .summary = "Tell what 'up' would do and change, and do nothing",
          .description = "Every chain of every app is joined and checked. With -v each chain is shown.",
          .example = "cairn plan --out release.plan",
          .options = {{"-o,--out", "FILE", "Write the plan, for 'cairn up --plan FILE'"}},
          .run = run};
}

}  // namespace cairn::cli
