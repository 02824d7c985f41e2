// `cairn status`: what serves, how it is, and what a dead run has left behind.

#include "cli/command.h"
#include "cli/output/json_text.h"
#include "cli/output/story.h"
#include "cli/output/text.h"
#include "cli/output/workspace_output.h"
#include "cli/record_text.h"

namespace cairn::cli {

namespace {

std::vector<Cell> rowOf(const AppStatus& app, wire::Record::Reader record, bool first, int64_t now) {
  bool serves = view(record.getId()) == app.servingId;
  auto status = record.getStatus();
  std::string url = string(status.getUrl().size() > 0 ? status.getUrl() : record.getUrl());
  if (serves && !app.url.empty()) url = app.url;
  auto health = status.getHealth();
  std::string message = health == wire::Status::Health::READY ? "" : string(status.getMessage());
  return {first ? app.app : "",
          versionText(record),
          Cell(serves ? "serves" : "", "", Tone::Good),
          Cell(std::string(healthWord(health)), "", healthTone(health)),
          commitText(record),
          ageText(record.getStartedUnixMs(), now),
          Cell(url, "", Tone::Accent),
          message};
}

std::string recordsJson(const std::vector<RecordPtr>& records) {
  std::string list;
  for (const RecordPtr& record : records) list += (list.empty() ? "" : ",") + recordJson(record->reader());
  return "[" + list + "]";
}

std::string statusJson(const AppStatus& app) {
  return JsonObject()
      .add("app", app.app)
      .add("url", app.url)
      .add("serving", app.servingId)
      .addJson("deployments", recordsJson(app.deployments))
      .addJson("release", app.release ? recordJson(app.release->reader()) : "null")
      .addJson("interrupted", recordsJson(app.interrupted))
      .addJson("running", recordsJson(app.running))
      .text();
}

Line& addHint(Line& line, wire::Record::Reader record, const std::string& hint) {
  return line.add(inWorkspace(hint, view(record.getWorkspace())), Tone::Dim);
}

Line leftBehind(wire::Record::Reader record, int64_t now) {
  const bool failed = record.getState() == wire::Record::State::FAILED && record.hasError();
  std::string text = string(record.getApp()) + ": " + std::string(kindWord(record.getKind())) + " " +
                     versionText(record) + (failed ? " failed " : " was interrupted ") +
                     ageText(record.getStartedUnixMs(), now);
  Line line(text, Tone::Warn);
  const std::string why = string(failed ? record.getError().getMessage() : record.getStateText());
  if (!why.empty()) line.add(" (" + why.substr(0, why.find('\n')) + ")");
  // A release has no address of its own to remove: the app's address is taken by the next one.
  if (record.getKind() == wire::RecordKind::RELEASE)
    return addHint(line, record, "; 'cairn release --app " + string(record.getApp()) + "' releases again");
  // A build or a push leaves nothing that anybody must look after.
  if (record.getKind() < wire::RecordKind::DEPLOYMENT)
    return addHint(line, record, "; 'cairn up --app " + string(record.getApp()) + "' makes it anew");
  return addHint(line, record,
                 "; 'cairn destroy " + versionText(record) + " --app " + string(record.getApp()) +
                     "' removes what it left");
}

Line inTheMaking(wire::Record::Reader record, int64_t now) {
  return Line(string(record.getApp()) + ": " + std::string(kindWord(record.getKind())) + " " +
                  versionText(record) + " is being made by " + actorText(record) + " since " +
                  ageText(record.getStartedUnixMs(), now),
              Tone::Accent);
}

Answer<ExitCode> run(CommandContext& context) {
  auto engine = CAIRN_TRY(context.engine());
  auto apps = CAIRN_TRY(engine->status(context.output));
  int64_t now = context.clock.unixMs();
  Table table{.columns = {{"APP", ""},
                          {"VERSION", ""},
                          {"SERVES", ""},
                          {"HEALTH", ""},
                          {"COMMIT", ""},
                          {"DEPLOYED", ""},
                          {"URL", ""},
                          {"NOTE", ""}},
              .ifEmpty = "no app is known here"};
  Lines notes;
  for (const AppStatus& app : apps) {
    context.output.json(statusJson(app));
    bool first = true;
    for (const RecordPtr& record : app.deployments) {
      table.rows.push_back(rowOf(app, record->reader(), first, now));
      first = false;
    }
    if (first)
      table.rows.push_back({app.app, "", "", Cell("not deployed", "", Tone::Dim), "", "", app.url, ""});
    for (const RecordPtr& record : app.interrupted) notes.push_back(leftBehind(record->reader(), now));
    for (const RecordPtr& record : app.running) notes.push_back(inTheMaking(record->reader(), now));
  }
  if (!context.output.isJson()) context.output.table(table);
  context.output.lines(notes);
  return ExitCode::Done;
}

}  // namespace

Command makeStatus() {
  return {.path = "status",
          .group = "Every day",
          .summary = "Tell what serves, how it is, where it is reached, and what was interrupted",
          .example = "cairn status --json",
          .run = run};
}

}  // namespace cairn::cli
