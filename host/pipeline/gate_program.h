#pragma once
// Whether the program that a gate runs is there.

#include <host/project/mapper_declaration.h>
#include <host/project/scope.h>

#include <optional>

namespace cairn::host {

// What the run would say of the gate's first word, said while nothing has begun. Nothing where it is no gate
// that runs a command, or where its program is known only in the run.
//
// command-not-found, command-failed-to-start, each with the word's place.
std::optional<Error> mistakeOfProgram(const MapperDeclaration& gate, const Scope& scope);

}  // namespace cairn::host
