#pragma once
// Ids of runs and records: UUIDv7, so that their order as text is the order in which they were made.

#include <kj/time.h>

#include <cstdint>
#include <string>

namespace cairn::host {

// Milliseconds since 1970, as all times in records, events and the store are.
int64_t unixMs(kj::Date date);

// A new id. Within a process each is greater than those before it, also when the clock stands still or goes
// back. Thread-safe.
std::string newId(const kj::Clock& clock);

}  // namespace cairn::host
