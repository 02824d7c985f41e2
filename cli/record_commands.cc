#include "cli/record_commands.h"

#include <algorithm>

#include "cli/output/error_text.h"
#include "cli/output/json_text.h"
#include "cli/output/json_tree.h"
#include "cli/output/story.h"
#include "cli/output/text.h"
#include "cli/record_text.h"

namespace cairn::cli {

namespace {

Answer<ExitCode> runList(CommandContext& context, wire::RecordKind kind) {
  auto engine = CAIRN_TRY(context.engine());
  auto records = CAIRN_TRY(engine->records({.kinds = {kind},
                                            .commit = context.options.text("commit"),
                                            .limit = context.options.number("number"),
                                            .withDestroyed = context.options.has("all")}));
  printRecords(context.output, records, "no " + std::string(kindWord(kind)) + "s yet",
               context.clock.unixMs());
  return ExitCode::Done;
}

void addFact(Lines& lines, std::string_view name, std::string_view value, Tone tone = Tone::Plain) {
  if (value.empty()) return;
  lines.push_back(
      Line(name, Tone::Dim).add(std::string(14 - std::min<size_t>(13, name.size()), ' ')).add(value, tone));
}

void addTree(Lines& lines, std::string_view title, const std::string& json) {
  Lines tree = jsonTreeLines(json);
  if (tree.empty()) return;
  lines.push_back("");
  lines.push_back(Line(title, Tone::Strong));
  for (const Line& line : tree) lines.push_back(Line("  ").append(line));
}

std::string spanText(wire::Record::Reader record) {
  std::string text = timeText(record.getStartedUnixMs());
  if (record.getFinishedUnixMs() == 0) return text;
  return text + ", took " +
         durationText(static_cast<uint64_t>(record.getFinishedUnixMs() - record.getStartedUnixMs()));
}

void addMakers(Lines& lines, const RecordDetails& details) {
  auto record = details.record.reader();
  addFact(lines, "plugin",
          string(record.getPlugin().getName()) + " " + string(record.getPlugin().getVersion()));
  addFact(lines, "component", view(record.getComponent().getName()));
  for (const std::string& mapper : mapperTexts(record)) addFact(lines, "mapper", mapper);
  for (auto gate : record.getGates()) {
    addFact(lines, "gate",
            string(gate.getName()) + ", passed before the " + std::string(stageWord(gate.getStage())));
  }
  addFact(lines, "made from", view(record.getParent()));
  for (const std::string& child : details.children) addFact(lines, "led to", child);
  for (auto label : record.getLabels())
    addFact(lines, "label", string(label.getName()) + " = " + string(label.getValue()));
  for (auto secret : record.getSecretSettings()) {
    addFact(lines, "secret", string(secret.getName()) + " = " + string(secret.getValue()));
  }
}

Lines detailLines(const RecordDetails& details) {
  auto record = details.record.reader();
  Lines lines{Line(
      std::string(kindWord(record.getKind())) + " " + versionText(record) + " of " + string(record.getApp()),
      Tone::Strong)};
  addFact(lines, "id", view(record.getId()));
  addFact(lines, "state", stateWord(record.getState()), stateTone(record.getState()));
  addFact(lines, "how far", view(record.getStateText()));
  if (record.getStatusUnixMs() > 0) {
    auto status = record.getStatus();
    addFact(lines, "health", healthWord(status.getHealth()), healthTone(status.getHealth()));
    addFact(lines, "", view(status.getMessage()));
  }
  addFact(lines, "url", view(record.getUrl()), Tone::Accent);
  addFact(lines, "workspace", view(record.getWorkspace()));
  addFact(lines, "made", spanText(record));
  addFact(lines, "destroyed", timeText(record.getDestroyedUnixMs()));
  addFact(lines, "by", actorText(record));
  addFact(lines, "command", view(record.getActor().getCommand()));
  addFact(lines, "commit", view(record.getGit().getCommit()));
  addFact(lines, "branch", view(record.getGit().getBranch()));
  addMakers(lines, details);
  addTree(lines, string(record.getValue().getTypeName()), details.valueJson);
  addTree(lines, "settings", details.configJson);
  if (record.getError().getMessage().size() > 0) {
    lines.push_back("");
    for (const Line& line : errorLines(recordedError(record))) lines.push_back(line);
  }
  return lines;
}

// Deployments have versions, all else is only counted.
std::string referenceName(wire::RecordKind kind) {
  return kind == wire::RecordKind::DEPLOYMENT ? "VERSION" : "NUMBER";
}

// An answer is one line. No string of JSON holds the end of one.
std::string inOneLine(const std::string& json) {
  std::string out;
  for (std::size_t at = 0; at < json.size(); ++at) {
    if (json[at] == '\n')
      at = std::min(json.find_first_not_of(' ', at + 1), json.size()) - 1;
    else
      out += json[at];
  }
  return out;
}

Answer<ExitCode> runShow(CommandContext& context, wire::RecordKind kind) {
  auto engine = CAIRN_TRY(context.engine());
  RecordDetails details = CAIRN_TRY(engine->record(kind, context.options.text(referenceName(kind))));
  context.output.json(JsonObject()
                          .addJson("record", recordJson(details.record.reader()))
                          .addJson("value", inOneLine(details.valueJson))
                          .addJson("settings", inOneLine(details.configJson))
                          .addJson("children", jsonList(details.children))
                          .text());
  context.output.lines(detailLines(details));
  return ExitCode::Done;
}

}  // namespace

Command listCommand(wire::RecordKind kind) {
  std::string word(kindWord(kind));
  return {.path = word + " list",
          .group = "Looking",
          .summary = "List the " + word + "s, newest first",
          .example = "cairn " + word + " list --app web -n 5",
          .options = {{"-n,--number", "COUNT", "At most so many; 0: all", false, true},
                      {"--commit", "SHA", "Only those of this commit"},
                      {"--all", "", "Also those that were destroyed"}},
          .run = [kind](CommandContext& context) { return runList(context, kind); }};
}

Command showCommand(wire::RecordKind kind) {
  std::string word(kindWord(kind));
  const bool isDeployment = kind == wire::RecordKind::DEPLOYMENT;
  return {.path = word + " show",
          .group = "Looking",
          .summary = "Tell all that is recorded of one " + word,
          .example = "cairn " + word + " show " + (isDeployment ? "v3" : "'#3'") + " --app web",
          .arguments = {{referenceName(kind),
                         isDeployment
                             ? "v3, or the start of an id"
                             : "'#3', as the lists have it; v3, for that of the deployment v3; or the start "
                               "of an id",
                         true}},
          .run = [kind](CommandContext& context) { return runShow(context, kind); }};
}

}  // namespace cairn::cli
