// `cairn plan`

#include "cli/command.h"
#include "cli/gone_apps.h"
#include "cli/plan_file.h"
#include "cli/plan_text.h"
#include "host/project/git_facts.h"

#include <filesystem>
#include <optional>

namespace cairn::cli {

namespace {

// Git facts are part of a plan: a plan file that git counts as a change makes its own plan stale.
std::optional<Error> dirtiesCheckout(const std::string& file, wire::Plan::Reader plan) {
  if (plan.getGit().getCommit().size() == 0) return std::nullopt;
  const std::filesystem::path path = std::filesystem::absolute(file);
  host::SpawnGitRunner git;
  auto status = git.run(path.parent_path(), {"status", "--porcelain", "--", path.string()});
  if (!status || status->exitCode != 0 || status->out.empty()) return std::nullopt;
  return Error{
      .kind = ErrorKind::Refused,
      .code = "plan-in-checkout",
      .message =
          file + " lies in a git checkout, which counts it as a change: the plan will be refused as stale",
      .hint = "write it elsewhere, or name it in .gitignore and plan again"};
}

bool hasBuild(wire::Plan::Reader plan) {
  for (auto app : plan.getApps()) {
    if (app.getStages().size() > 0 && app.getStages()[0].getKind() == wire::StageKind::BUILD) return true;
  }
  return false;
}

// Only git tells whether the source is still what it was.
std::optional<Error> holdsNoSource(wire::Plan::Reader plan) {
  if (plan.getGit().getCommit().size() > 0 || !hasBuild(plan)) return std::nullopt;
  return Error{.kind = ErrorKind::Refused,
               .code = "plan-without-git",
               .message =
                   "the project is in no git commit: the plan doesn't know what its files are, and takes "
                   "them as they will be",
               .hint = "commit the project to git: there a plan is refused once a file has changed"};
}

void tellOfFile(Output& output, const std::string& file, wire::Plan::Reader plan) {
  if (auto dirty = dirtiesCheckout(file, plan)) return output.warning(*dirty);
  if (auto changes = holdsNoSource(plan)) output.warning(*changes);
  output.text("'cairn up --plan " + file + "' runs exactly this");
}

Answer<ExitCode> run(CommandContext& context) {
  using wire::StageKind;
  auto engine = CAIRN_TRY(context.engine());
  RunRequest request{{StageKind::BUILD, StageKind::PUSH, StageKind::DEPLOY, StageKind::RELEASE}};
  auto plan = CAIRN_TRY(engine->plan(request, context.output));
  const auto gone = CAIRN_TRY(engine->goneApps());
  std::string file = context.options.text("out");
  if (!file.empty()) CAIRN_TRY(writePlanFile(file, plan.reader()));
  context.output.json(planJson(plan.reader(), gone));
  context.output.lines(planLines(plan.reader(), context.options.has("verbose")));
  context.output.lines(goneLines(gone));
  if (!file.empty()) tellOfFile(context.output, file, plan.reader());
  return ExitCode::Done;
}

}  // namespace

Command makePlan() {
  return {
      .path = "plan",
      .group = "Every day",
      .summary = "Tell what 'up' would do and change, and do nothing",
      .description =
          "Every chain of every app is joined, checked and shown in a line. With -v also what Cairn itself\n"
          "gives, and labels. Apps that the file no longer names and that are still deployed are told too.",
      .example = "cairn plan --out /tmp/release.plan",
      .options = {{"-o,--out", "FILE", "Write the plan, for 'cairn up --plan FILE'"}},
      .run = run};
}

}  // namespace cairn::cli
