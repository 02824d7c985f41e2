#pragma once
// Whether the fields that a mapper's ${input.…} name are there, and fit where `set` puts them. For
// mapper_values.h only.

#include "host/project/mapper_declaration.h"

#include <capnp/schema.h>

#include <string>
#include <vector>

namespace cairn::host {

// Errors: unknown-field, wrong-type. `source` is the text of cairn.toml; may be null.
Errors checkInputFields(const MapperDeclaration& mapper, const std::vector<capnp::StructSchema>& inputs,
                        capnp::StructSchema output, const std::string* source);

}  // namespace cairn::host
