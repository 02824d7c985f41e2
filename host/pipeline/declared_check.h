#pragma once
// Whether the mappers that cairn.toml declares fit their types, those that no chain uses too.

#include <host/pipeline/plan_maker.h>

#include <set>
#include <string>

namespace cairn::host {

// What `run`, `set` and `settings` of every declared mapper say, against the schemas of inputs, output and
// settings. A mapper of several apps is looked at with the eyes of the first.
//
// Adds the errors of writeDeclared(), and answers the ids of the mappers that have some.
std::set<std::string> checkDeclared(const PlanInputs& inputs, MapperEssences& essences, Errors& errors);

}  // namespace cairn::host
