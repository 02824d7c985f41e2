#include "cli/record_text.h"

#include <cairn/dynamic/enum_name.h>
#include <kj/encoding.h>

#include <set>

#include "cli/output/error_text.h"
#include "cli/output/json_text.h"
#include "cli/output/story.h"
#include "cli/output/text.h"
#include "cli/output/workspace_output.h"
#include "host/project/project.h"

namespace cairn::cli {

namespace {

std::string hexOf(capnp::Data::Reader data) {
  return kj::encodeHex(data).cStr();
}

std::string gitJson(wire::GitFacts::Reader git) {
  if (git.getCommit().size() == 0) return "";
  JsonObject object;
  object.add("commit", view(git.getCommit()))
      .add("pretty", view(git.getPretty()))
      .addBool("dirty", git.getDirty());
  if (git.getBranch().size() > 0) object.add("branch", view(git.getBranch()));
  if (git.getTag().size() > 0) object.add("tag", view(git.getTag()));
  if (git.getRemote().size() > 0) object.add("remote", view(git.getRemote()));
  return object.text();
}

std::string labelsJson(capnp::List<wire::NamedText>::Reader labels) {
  JsonObject object;
  for (auto label : labels) object.add(view(label.getName()), view(label.getValue()));
  return object.text();
}

std::string pluginJson(wire::Record::Plugin::Reader plugin) {
  return JsonObject()
      .add("name", view(plugin.getName()))
      .add("version", view(plugin.getVersion()))
      .add("bundleDigest", "sha256:" + hexOf(plugin.getBundleDigest()))
      .text();
}

std::string gatesJson(capnp::List<wire::Plan::Gate>::Reader gates) {
  std::string list;
  for (auto gate : gates) {
    list += (list.empty() ? "" : ",") + JsonObject()
                                            .add("name", view(gate.getName()))
                                            .add("stage", stageWord(gate.getStage()))
                                            .add("digest", "sha256:" + hexOf(gate.getDigest()))
                                            .text();
  }
  return list.empty() ? "" : "[" + list + "]";
}

std::string mappersJson(wire::Record::Reader record) {
  std::vector<std::string> mappers;
  for (auto step : record.getDerivation()) mappers.push_back(string(step.getMapper()));
  return mappers.empty() ? "" : jsonList(mappers);
}

}  // namespace

std::string versionText(wire::Record::Reader record) {
  // A version is the deployment's; builds, artifacts and releases are only counted.
  return (record.getKind() == wire::RecordKind::DEPLOYMENT ? "v" : "#") +
         std::to_string(record.getSequence());
}

std::string commitText(wire::Record::Reader record) {
  auto git = record.getGit();
  if (git.getCommit().size() == 0) return "";
  return string(git.getCommit()).substr(0, 7) + (git.getDirty() ? "-dirty" : "");
}

std::string actorText(wire::Record::Reader record) {
  auto actor = record.getActor();
  std::string host = string(actor.getHost());
  return string(actor.getUser()) + (host.empty() ? "" : "@" + host);
}

std::vector<std::string> mapperTexts(wire::Record::Reader record) {
  std::vector<std::string> out;
  std::set<std::string> before;
  for (auto step : record.getDerivation()) {
    std::string passed;  // a step has the gates of what it was made from, too
    for (auto gate : step.getGates()) {
      if (before.insert(string(gate)).second) passed += (passed.empty() ? "" : ", ") + string(gate);
    }
    out.push_back(string(step.getMapper()) + (passed.empty() ? "" : " (gate " + passed + ")"));
  }
  return out;
}

std::string_view kindWord(wire::RecordKind kind) {
  return enumName(kind);
}

std::string_view stageWord(wire::StageKind kind) {
  return enumName(kind);
}

std::string_view stateWord(wire::Record::State state) {
  return enumName(state);
}

std::string_view healthWord(wire::Status::Health health) {
  return enumName(health);
}

Tone stateTone(wire::Record::State state) {
  switch (state) {
    case wire::Record::State::DONE:
      return Tone::Good;
    case wire::Record::State::FAILED:
    case wire::Record::State::REFUSED:
      return Tone::Bad;
    case wire::Record::State::DESTROYED:
      return Tone::Dim;
    default:
      return Tone::Warn;
  }
}

Tone healthTone(wire::Status::Health health) {
  switch (health) {
    case wire::Status::Health::READY:
      return Tone::Good;
    case wire::Status::Health::DOWN:
    case wire::Status::Health::GONE:
      return Tone::Bad;
    case wire::Status::Health::UNKNOWN:
      return Tone::Dim;
    default:
      return Tone::Warn;
  }
}

std::string recordJson(wire::Record::Reader record) {
  JsonObject object;
  object.add("id", view(record.getId()))
      .add("kind", kindWord(record.getKind()))
      .add("project", view(record.getProject()))
      .add("app", view(record.getApp()))
      .add("workspace", view(record.getWorkspace()))
      .add("sequence", int64_t{record.getSequence()})
      .add("state", stateWord(record.getState()))
      .add("startedUnixMs", record.getStartedUnixMs())
      .add("finishedUnixMs", record.getFinishedUnixMs())
      .add("user", view(record.getActor().getUser()))
      .add("host", view(record.getActor().getHost()))
      .add("command", view(record.getActor().getCommand()))
      .add("run", view(record.getRunId()))
      .add("parent", view(record.getParent()))
      .addJson("git", gitJson(record.getGit()))
      .addJson("labels", labelsJson(record.getLabels()))
      .add("type", view(record.getValue().getTypeName()))
      .addJson("plugin", pluginJson(record.getPlugin()))
      .add("component", view(record.getComponent().getName()))
      .addJson("mappers", mappersJson(record))
      .addJson("gates", gatesJson(record.getGates()));
  if (record.getUrl().size() > 0) object.add("url", view(record.getUrl()));
  if (record.getStatusUnixMs() > 0) {
    object.add("health", healthWord(record.getStatus().getHealth()))
        .add("healthUnixMs", record.getStatusUnixMs());
  }
  if (record.getDestroyedUnixMs() > 0) object.add("destroyedUnixMs", record.getDestroyedUnixMs());
  if (record.getRollback()) object.addBool("rollback", true);
  if (record.getStateText().size() > 0) object.add("stateText", view(record.getStateText()));
  if (record.getError().getMessage().size() > 0) object.addJson("error", errorJson(recordedError(record)));
  return object.text();
}

void printRecords(Output& output, const std::vector<RecordPtr>& records, std::string ifEmpty,
                  int64_t nowUnixMs) {
  if (output.isJson()) {
    for (const RecordPtr& record : records) output.json(recordJson(record->reader()));
    return;
  }
  Table table{.columns = {{"APP", ""},
                          {"VERSION", ""},
                          {"STATE", ""},
                          {"HEALTH", ""},
                          {"COMMIT", ""},
                          {"MADE", ""},
                          {"BY", ""},
                          {"TYPE", ""},
                          {"PLUGIN", ""},
                          {"URL", ""}},
              .ifEmpty = std::move(ifEmpty)};
  for (const RecordPtr& owned : records) {
    auto record = owned->reader();
    bool alive = record.getStatusUnixMs() > 0 && record.getState() == wire::Record::State::DONE;
    auto health = record.getStatus().getHealth();
    table.rows.push_back({string(record.getApp()), versionText(record),
                          Cell(std::string(stateWord(record.getState())), "", stateTone(record.getState())),
                          Cell(alive ? std::string(healthWord(health)) : "", "", healthTone(health)),
                          commitText(record), ageText(record.getStartedUnixMs(), nowUnixMs),
                          actorText(record), string(record.getValue().getTypeName()),
                          string(record.getPlugin().getName()), string(record.getUrl())});
  }
  output.table(table);
}

Error recordedError(wire::Record::Reader record) {
  Error error = toError(record.getError());
  error.hint = inWorkspace(error.hint, view(record.getWorkspace()));
  return error;
}

std::string whereOf(wire::Record::Reader record) {
  const std::string workspace = string(record.getWorkspace());
  return workspace == host::kDefaultWorkspace ? "" : ", in the workspace " + workspace;
}

std::string sentenceOf(wire::Record::Reader record, int64_t nowUnixMs) {
  std::string text = versionText(record) + " of " + string(record.getApp());
  if (!commitText(record).empty()) text += ", commit " + commitText(record);
  text += ", made " + ageText(record.getStartedUnixMs(), nowUnixMs);
  if (record.getStatusUnixMs() > 0) text += ", " + std::string(healthWord(record.getStatus().getHealth()));
  return text;
}

}  // namespace cairn::cli
