#pragma once
// What a declared mapper does with values: the fields of `set`, the words of `run`, checked against the
// types' schemas before anything runs, and worked out when it runs.
//
// Fields have the names they have in cairn.toml: snake_case, so `sizeBytes` of a $bytes field is `size`.

#include <cairn/base/result.h>

#include "host/project/decode_settings.h"
#include "host/project/mapper_declaration.h"
#include "host/project/scope.h"

#include <capnp/dynamic.h>
#include <capnp/schema.h>

#include <string>
#include <vector>

namespace cairn::host {

// Inputs are always in the declaration's order.
using InputSchemas = std::vector<capnp::StructSchema>;
using InputValues = std::vector<capnp::DynamicStruct::Reader>;

// Every `${input.…}` of `run` and `set`, and for `set` each field against the output's schema. `scope` is
// that of the app the mapper works for; what it can't know yet counts as right.
//
// Errors: unknown-field (of an input), unknown-key (of the output), wrong-type, out-of-range,
// missing-setting, secret-in-value, secret-in-arguments and those of expressions; all there are.
Errors checkMapperTypes(const MapperDeclaration& mapper, const InputSchemas& inputs,
                        capnp::StructSchema output, const Scope& scope);

// The output of a mapper with `set`, canonical. Errors as above.
Result<DecodedSettings, Errors> evaluateSet(const MapperDeclaration& mapper, const InputValues& inputs,
                                            capnp::StructSchema output, const Scope& scope);

// The program and its arguments of a mapper with `run`. Errors: those of expressions, secret-in-arguments,
// bad-value for a word that no argument can hold.
Result<std::vector<std::string>, Errors> commandOf(const MapperDeclaration& mapper, const InputValues& inputs,
                                                   const Scope& scope);

}  // namespace cairn::host
