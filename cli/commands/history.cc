// `cairn history`: when was what deployed, by whom, and from what.

#include "cli/command.h"
#include "cli/output/story.h"
#include "cli/output/text.h"
#include "cli/record_text.h"

namespace cairn::cli {

namespace {

std::string whatText(wire::Record::Reader record) {
  if (record.getRollback()) return "rollback";
  return record.getKind() == wire::RecordKind::RELEASE ? "release" : "deploy";
}

// "docker.Image by docker 0.1.0, mapped by …"
std::string fromText(wire::Record::Reader record) {
  std::string text = string(record.getPlugin().getName()) + " " + string(record.getPlugin().getVersion());
  for (auto step : record.getDerivation()) text += " ← " + string(step.getMapper());
  return text;
}

Answer<ExitCode> run(CommandContext& context) {
  auto engine = CAIRN_TRY(context.engine());
  auto records =
      CAIRN_TRY(engine->records({.kinds = {wire::RecordKind::DEPLOYMENT, wire::RecordKind::RELEASE},
                                 .commit = context.options.text("commit"),
                                 .limit = context.options.number("number"),
                                 .withDestroyed = true}));
  if (context.output.isJson()) {
    printRecords(context.output, records, "", context.clock.unixMs());
    return ExitCode::Done;
  }
  Table table{.columns = {{"WHEN", ""},
                          {"APP", ""},
                          {"WHAT", ""},
                          {"VERSION", ""},
                          {"STATE", ""},
                          {"COMMIT", ""},
                          {"BY", ""},
                          {"WITH", ""}},
              .ifEmpty = "nothing was deployed yet"};
  for (const RecordPtr& owned : records) {
    auto record = owned->reader();
    table.rows.push_back({timeText(record.getStartedUnixMs()), string(record.getApp()), whatText(record),
                          versionText(record),
                          Cell(std::string(stateWord(record.getState())), "", stateTone(record.getState())),
                          commitText(record), actorText(record), fromText(record)});
  }
  context.output.table(table);
  return ExitCode::Done;
}

}  // namespace

Command makeHistory() {
  return {.path = "history",
          .group = "Looking",
          .summary = "Tell when what was deployed and released, by whom, and from what",
          .example = "cairn history --commit 3f2a1c9",
          .options = {{"--commit", "SHA", "Only what was made from this commit"},
                      {"-n,--number", "COUNT", "At most so many", false, true}},
          .run = run};
}

}  // namespace cairn::cli
