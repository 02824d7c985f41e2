#pragma once
// What the host reads out of a value whose type it doesn't know.

#include <host/broker/manifest.h>
#include <host/broker/value.h>
#include <host/project/datum.h>

#include <string>

namespace cairn::host {

// Its field `url`, where it has one that is text; else empty.
std::string urlOf(const Value& value, const Manifest& manifest);

// As ${artifact.…} sees it. Null where the schema is not known.
Datum datumOfValue(const Value& value, const Manifest& manifest);

}  // namespace cairn::host
