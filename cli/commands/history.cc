// `cairn history`: when was what deployed, by whom, and from what.

#include "cli/command.h"
#include "cli/output/story.h"
#include "cli/output/text.h"
#include "cli/record_text.h"

#include <algorithm>
#include <map>

namespace cairn::cli {

namespace {

std::string whatText(wire::Record::Reader record) {
  if (record.getRollback()) return "rollback";
  return record.getKind() == wire::RecordKind::RELEASE ? "release" : "deploy";
}

using Versions = std::map<std::string, std::string>;  // of deployments, by id

void addVersions(Versions& to, const std::vector<RecordPtr>& records) {
  for (const RecordPtr& owned : records) {
    auto record = owned->reader();
    if (record.getKind() == wire::RecordKind::DEPLOYMENT) to[string(record.getId())] = versionText(record);
  }
}

// Of the deployments of all these records. A release's may have been made from another commit, or be too old
// to be one of them.
Answer<Versions> versionsOf(const std::vector<RecordPtr>& records, Engine& engine) {
  Versions out;
  addVersions(out, records);
  const bool whole = std::all_of(records.begin(), records.end(), [&](const RecordPtr& owned) {
    auto record = owned->reader();
    return record.getKind() != wire::RecordKind::RELEASE || out.contains(string(record.getParent()));
  });
  if (!whole) addVersions(out, CAIRN_TRY(engine.records({.kinds = {wire::RecordKind::DEPLOYMENT}})));
  return out;
}

// A release's version is that of the deployment that it let serve.
std::string shownVersion(wire::Record::Reader record, const Versions& versions) {
  auto released = versions.find(string(record.getParent()));
  return released != versions.end() ? released->second : versionText(record);
}

// "docker.Image by docker 0.1.0, mapped by …"
std::string fromText(wire::Record::Reader record) {
  std::string text = string(record.getPlugin().getName()) + " " + string(record.getPlugin().getVersion());
  for (const std::string& mapper : mapperTexts(record)) text += " ← " + mapper;
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
              .ifEmpty = context.options.text("commit").empty()
                             ? "nothing was deployed yet"
                             : "nothing on record was made from that commit"};
  const Versions versions = CAIRN_TRY(versionsOf(records, *engine));
  for (const RecordPtr& owned : records) {
    auto record = owned->reader();
    table.rows.push_back({timeText(record.getStartedUnixMs()), string(record.getApp()), whatText(record),
                          shownVersion(record, versions),
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
          .options = {{"--commit", "SHA",
                       "Only what was made from this commit, or the one that a branch or tag names"},
                      {"-n,--number", "COUNT", "At most so many; 0: all", false, true}},
          .run = run};
}

}  // namespace cairn::cli
