// `cairn validate`

#include "cli/command.h"
#include "cli/gone_apps.h"
#include "cli/output/json_text.h"
#include "cli/output/text.h"

namespace cairn::cli {

namespace {

Answer<ExitCode> run(CommandContext& context) {
  auto engine = CAIRN_TRY(context.engine());
  ValidReport report = CAIRN_TRY(engine->validate(context.output));
  const auto gone = CAIRN_TRY(engine->goneApps());
  for (const Error& warning : report.warnings) context.output.warning(warning);
  context.output.json(JsonObject()
                          .addBool("valid", true)
                          .add("file", report.file)
                          .add("project", report.project)
                          .addJson("apps", jsonList(report.apps))
                          .addJson("workspaces", jsonList(report.workspaces))
                          .addJson("gone", goneJson(gone))
                          .text());
  context.output.text(
      report.file + " is valid: project " + report.project + ", " + countText(report.apps.size(), "app") +
      (report.workspaces.empty() ? "" : ", " + countText(report.workspaces.size(), "workspace")));
  context.output.lines(goneLines(gone));
  return ExitCode::Done;
}

}  // namespace

Command makeValidate() {
  return {
      .path = "validate",
      .group = "Every day",
      .summary = "Check cairn.toml and that every stage can take what the one before it makes",
      .description =
          "All mistakes of the file are told at once, in its order; then those that only another workspace\n"
          "that the file names would have, with its name.",
      .example = "cairn validate",
      .run = run};
}

}  // namespace cairn::cli
