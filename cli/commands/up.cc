// `cairn up`

#include "cli/run_stages.h"

namespace cairn::cli {

Command makeUp() {
  return {
      .path = "up",
      .group = "Every day",
      .summary = "Take the apps from source to a running, reachable release",
      .description =
          "Builds, pushes, deploys and releases, each app as soon as what it needs is released. Everything "
          "is\n"
          "planned and checked before anything acts. With --plan exactly that plan runs; it is refused (exit "
          "3)\n"
          "when what it was made from has changed.",
      .example = "cairn up --app web --var api=http://127.0.0.1:8080",
      .options = {{"--plan", "FILE", "Run the plan that 'cairn plan --out FILE' wrote"}},
      .run = [](CommandContext& context) {
        using wire::StageKind;
        return runStages(context, {StageKind::BUILD, StageKind::PUSH, StageKind::DEPLOY, StageKind::RELEASE});
      }};
}

}  // namespace cairn::cli
