// `cairn rollback`

#include "cli/command.h"
#include "cli/confirm.h"
#include "cli/output/story.h"
#include "cli/record_text.h"

namespace cairn::cli {

namespace {

std::string questionOf(const RollbackCandidate& candidate, int64_t now) {
  std::string question = "Release " + sentenceOf(candidate.deployment.reader(), now);
  if (candidate.serving) question += ", instead of " + sentenceOf(candidate.serving->reader(), now);
  return question + whereOf(candidate.deployment.reader()) + "?";
}

Answer<ExitCode> run(CommandContext& context) {
  auto engine = CAIRN_TRY(context.engine());
  std::string wanted = context.options.text("DEPLOYMENT");
  const bool asks = wanted.empty() && !context.options.has("yes");
  auto candidate = CAIRN_TRY(engine->rollbackCandidate(wanted, asks ? &context.output : nullptr));
  if (asks) CAIRN_TRY(confirm(context, questionOf(candidate, context.clock.unixMs())));
  return exitCodeOf(
      CAIRN_TRY(engine->rollback(string(candidate.deployment.reader().getId()), context.output)));
}

}  // namespace

Command makeRollback() {
  return {.path = "rollback",
          .group = "Every day",
          .summary = "Let an older deployment serve again",
          .description =
              "Without an argument it is the one before what serves: its commit, age and health are shown, "
              "then you are asked.",
          .example = "cairn rollback v4 --app web",
          .options = {{"-y,--yes", "", "Don't ask"}},
          .arguments = {{"DEPLOYMENT", "v3, or the start of an id"}},
          .run = run};
}

}  // namespace cairn::cli
