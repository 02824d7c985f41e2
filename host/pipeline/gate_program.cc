#include "host/pipeline/gate_program.h"

#include <host/broker/command.h>
#include <host/project/evaluate.h>

namespace cairn::host {

std::optional<Error> mistakeOfProgram(const MapperDeclaration& gate, const Scope& scope) {
  if (!gate.isGate() || gate.kind != MapperKind::Run || gate.run.empty()) return std::nullopt;
  const SettingsNode& word = gate.run.front();
  if (word.text() == nullptr) return std::nullopt;
  Scope known = scope;
  known.extra["input"] = Datum::unknown();
  auto worth = evaluateText(*word.text(), known);
  if (!worth || !worth->fullyKnown() || worth->holdsSecret()) return std::nullopt;
  auto program = findProgram(datumText(*worth), gate.folder);
  if (program) return std::nullopt;
  Error error = std::move(program).error();
  error.kind = ErrorKind::Config;
  error.message = "the gate \"" + gate.name + "\" can't be asked: " + error.message;
  error.hint += error.code == "command-not-found" ? "; put it there, or say in `run` where it is" : "";
  error.position = word.position;
  error.settingPath = gate.path() + ".run";
  return error;
}

}  // namespace cairn::host
