#pragma once
// Checks of the ${…} in declared mappers that need no types: that names exist, that inputs are called by
// their roles, and that no secret gets into a command's arguments, which everyone on the machine can read.

#include "host/project/project.h"

namespace cairn::host {

// Adds bad-expression, unknown-variable, unknown-input and secret-in-arguments errors.
void checkMapperExpressions(const Project& project, Errors& errors);

}  // namespace cairn::host
