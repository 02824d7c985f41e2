// `cairn destroy`

#include <set>

#include "cli/command.h"
#include "cli/confirm.h"
#include "cli/output/story.h"
#include "cli/output/text.h"
#include "cli/record_text.h"

namespace cairn::cli {

namespace {

Answer<DestroyRequest> requestOf(const ParsedOptions& options) {
  DestroyRequest request{.project = options.has("project"), .deployment = options.text("DEPLOYMENT")};
  if (request.project && (!request.deployment.empty() || options.has("app"))) {
    return Failure(
        Error{.kind = ErrorKind::Config,
              .code = "bad-flag-value",
              .message = "--project destroys all of it; it can't be limited to an app or a deployment",
              .hint = "leave out either"});
  }
  if (!request.project && request.deployment.empty() && !options.has("app")) {
    return Failure(Error{.kind = ErrorKind::Config,
                         .code = "missing-argument",
                         .message = "what is to be destroyed was not said",
                         .hint = "name a deployment (v3), an app (--app web), or --project"});
  }
  return request;
}

void listTargets(CommandContext& context, const std::vector<RecordPtr>& targets) {
  if (context.output.isJson()) return;
  std::set<std::string> released;  // an app's releases have one address between them: the newest tells
  for (const RecordPtr& target : targets) {
    auto record = target->reader();
    if (record.getKind() == wire::RecordKind::RELEASE && !released.insert(string(record.getApp())).second)
      continue;
    std::string kind(kindWord(record.getKind()));
    context.output.lines(
        {Line("  " + kind + " ", Tone::Dim).add(sentenceOf(record, context.clock.unixMs()))});
  }
}

Answer<ExitCode> run(CommandContext& context) {
  DestroyRequest request = CAIRN_TRY(requestOf(context.options));
  auto engine = CAIRN_TRY(context.engine());
  auto targets = CAIRN_TRY(engine->destroyTargets(request));
  if (targets.empty()) {
    context.output.text("nothing is left to destroy");
    return ExitCode::Done;
  }
  listTargets(context, targets);
  CAIRN_TRY(confirm(context, "Destroy " + countText(targets.size(), "record") + " and all that belongs to " +
                                 (targets.size() == 1 ? "it" : "them") + whereOf(targets.front()->reader()) +
                                 "?"));
  for (const RecordPtr& target : targets) request.agreed.push_back(string(target->reader().getId()));
  return exitCodeOf(CAIRN_TRY(engine->destroy(request, context.output)));
}

}  // namespace

Command makeDestroy() {
  return {
      .path = "destroy",
      .group = "Every day",
      .summary = "Remove what was deployed and released, by what was recorded",
      .description =
          "Works also for apps that cairn.toml no longer names, and for what an interrupted run left behind.",
      .example = "cairn destroy --app web",
      .options = {{"--project", "", "All apps of the project in this workspace"},
                  {"-y,--yes", "", "Don't ask"}},
      .arguments = {{"DEPLOYMENT", "v3, or the start of an id; else all of the app"}},
      .run = run};
}

}  // namespace cairn::cli
