#pragma once
// Records as people and as programs read them.

#include <cairn/plan.capnp.h>
#include <cairn/record.capnp.h>

#include <string>
#include <vector>

#include "cli/engine.h"
#include "cli/output/output.h"

namespace cairn::cli {

std::string versionText(wire::Record::Reader record);  // "v3"
std::string commitText(
    wire::Record::Reader record);  // "3f2a1c9", with a mark where the tree was dirty; "" without git
std::string actorText(wire::Record::Reader record);  // "anna@laptop"
// The mappers that its input passed, in their order; gates are marked: "project/scan (gate scan)".
std::vector<std::string> mapperTexts(wire::Record::Reader record);
std::string_view kindWord(wire::RecordKind kind);  // "deployment"
std::string_view stageWord(wire::StageKind kind);  // "push"
std::string_view stateWord(wire::Record::State state);
std::string_view healthWord(wire::Status::Health health);
Tone stateTone(wire::Record::State state);
Tone healthTone(wire::Status::Health health);

// Stable fields; docs/events.md lists them.
std::string recordJson(wire::Record::Reader record);

// The table of a list command, or each record as one JSON object.
void printRecords(Output& output, const std::vector<RecordPtr>& records, std::string ifEmpty,
                  int64_t nowUnixMs);

// "v3 of web, commit 3f2a1c9, 12 min ago, ready": for questions.
std::string sentenceOf(wire::Record::Reader record, int64_t nowUnixMs);
// ", in the workspace prod"; of the default one nothing.
std::string whereOf(wire::Record::Reader record);

// Why it failed, with commands that work in the record's own workspace.
Error recordedError(wire::Record::Reader record);

}  // namespace cairn::cli
