#include "host/pipeline/recorded_gates.h"

#include <host/pipeline/emitter.h>
#include <host/pipeline/stage_query.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace cairn::host {
namespace {

struct Missing {
  std::string name;
  wire::StageKind stage;
  bool changed;  // it passed another gate of this name
};

// Where a record's value went in: its own stage as recorded and as the file has it, earlier ones as the file
// has them.
std::vector<ChainEnd> endsOf(const App* app, wire::Record::Reader record) {
  const auto last = static_cast<wire::StageKind>(record.getKind());
  std::vector<ChainEnd> out{
      {record.getApp(), last, record.getComponent().getName(), record.getPlugin().getName()}};
  if (app == nullptr) return out;
  for (const Stage& stage : app->stages) {
    const auto kind = static_cast<wire::StageKind>(stage.kind);
    if (kind <= last) out.push_back({app->name, kind, stage.use, stage.use.substr(0, stage.use.find('/'))});
  }
  return out;
}

bool isSame(capnp::Data::Reader recorded, const std::string& digest) {
  return recorded.size() == digest.size() && std::memcmp(recorded.begin(), digest.data(), digest.size()) == 0;
}

std::optional<Missing> missing(const PassedGate& gate, wire::StageKind stage, wire::Record::Reader record) {
  bool changed = false;
  for (auto passed : record.getGates()) {
    if (passed.getStage() != stage || passed.getName() != gate.name.c_str()) continue;
    if (isSame(passed.getDigest(), gate.digest)) return std::nullopt;
    changed = true;
  }
  return Missing{gate.name, stage, changed};
}

// What the gate's words see before this stage, as when it is planned.
Scope scopeAt(const GateEyes& eyes, const App* app, const ChainEnd& end) {
  App gone;
  gone.name = end.app;
  const auto kind = static_cast<StageKind>(end.stage);
  auto scope = planScope(eyes.project, app == nullptr ? gone : *app, kind, eyes.variables,
                         processEnvironment(), eyes.git);
  if (scope) return std::move(*scope);
  // Its labels have mistakes: without them a gate that sees them is another one.
  return *planScope(eyes.project, gone, kind, eyes.variables, processEnvironment(), eyes.git);
}

std::string nameOf(wire::Record::Reader record) {
  const std::string app = record.getApp();
  switch (record.getKind()) {
    case wire::RecordKind::DEPLOYMENT:
      return "v" + std::to_string(record.getSequence()) + " of " + app;
    case wire::RecordKind::BUILD:
      return "build " + std::to_string(record.getSequence()) + " of " + app;
    case wire::RecordKind::ARTIFACT:
      return "artifact " + std::to_string(record.getSequence()) + " of " + app;
    case wire::RecordKind::RELEASE:
      break;
  }
  return "release " + std::to_string(record.getSequence()) + " of " + app;
}

}  // namespace

Result<void> checkRecordedGates(const GateEyes& eyes, const App* app, wire::Record::Reader record) {
  std::vector<Missing> all;
  for (const ChainEnd& end : endsOf(app, record)) {
    const auto gates = gatesInto(eyes.types, end);
    if (gates.empty()) continue;
    const Scope scope = scopeAt(eyes, app, end);
    for (const AppGate& gate : gates) {
      const std::string digest = eyes.essences.digest(eyes.types.home(gate.mapper), scope);
      if (auto one = missing({gate.name, digest, end.stage}, end.stage, record)) all.push_back(*one);
    }
  }
  if (all.empty()) return {};
  wire::StageKind first = all[0].stage;
  for (const Missing& one : all) first = std::min(first, one.stage);
  const Missing& worst = all[0];
  return Error{ErrorKind::Refused,
               "gate-never-passed",
               nameOf(record) + " never passed the gate \"" + worst.name + "\", which stands before its " +
                   stageName(worst.stage) +
                   (worst.changed ? " (it passed one of that name, which has changed since)" : ""),
               std::string("`cairn ") + (first == wire::StageKind::BUILD ? "up" : stageName(first)) +
                   " --app " + std::string(record.getApp()) + "` makes one that passes it",
               {}};
}

Result<void> checkGatesOfServing(wire::Record::Reader release, wire::Record::Reader deployment) {
  for (auto gate : release.getGates()) {
    const PassedGate passed = readGate(gate);
    const bool beforeRelease = passed.stage == wire::StageKind::RELEASE;
    if (!beforeRelease && !missing(passed, passed.stage, deployment)) continue;
    return Error{ErrorKind::Refused,
                 "gate-never-passed",
                 beforeRelease ? "the gate \"" + passed.name +
                                     "\" stands before each release, and cairn.toml, "
                                     "which declares it, has mistakes"
                               : nameOf(deployment) + " never passed the gate \"" + passed.name +
                                     "\", as what serves has, and cairn.toml has mistakes",
                 "mend cairn.toml first: `cairn validate`",
                 {}};
  }
  return {};
}

bool mayHideGates(const FaultyProject& file, const std::string& app) {
  if (file.gatesInDoubt) return true;
  const auto& mappers = file.project.mappers;
  const bool guarded = std::any_of(mappers.begin(), mappers.end(),
                                   [&](const auto& mapper) { return mapper.isGate() && mapper.isFor(app); });
  if (!guarded) return false;
  // Stages of the app that were not read: what gates stand before them shows nowhere.
  return file.cutShort || std::any_of(file.mistakes.begin(), file.mistakes.end(), [&](const Error& mistake) {
           return (mistake.settingPath + ".").find("app." + app + ".") != std::string::npos;
         });
}

Error gatesUnknown(wire::Record::Reader deployment, const Errors& mistakes) {
  const Error& mistake = mistakes.front();
  Error error{
      ErrorKind::Refused,
      "gate-never-passed",
      "whether " + nameOf(deployment) + " passed the gates before it can't be known: cairn.toml has mistakes",
      "mend cairn.toml first, and roll back then: " + mistake.message,
      {}};
  error.position = mistake.position;
  return error;
}

PassedGate readGate(wire::Plan::Gate::Reader gate) {
  const auto digest = gate.getDigest().asChars();
  return {gate.getName(), std::string(digest.begin(), digest.size()), gate.getStage()};
}

void writeGates(const std::vector<PassedGate>& gates, capnp::List<wire::Plan::Gate>::Builder out) {
  for (unsigned i = 0; i < out.size(); ++i) {
    out[i].setName(gates[i].name);
    out[i].setDigest(kj::StringPtr(gates[i].digest.c_str(), gates[i].digest.size()).asBytes());
    out[i].setStage(gates[i].stage);
  }
}

}  // namespace cairn::host
