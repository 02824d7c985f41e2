#pragma once
// How an error is told: what, where with the line of the file, the tail of a log, through which layers, what
// to do.

#include <cairn/base/error.h>
#include <cairn/value.capnp.h>

#include <string>
#include <string_view>

#include "cli/output/line.h"

namespace cairn::cli {

// "error: …" and what belongs to it. Reads the file that the error's position names to show its line.
Lines errorLines(const Error& error, std::string_view word = "error");
std::string errorJson(const Error& error);

// The wire's form of an error.
Error toError(wire::Diagnostic::Reader diagnostic);
std::string_view severityWord(wire::Diagnostic::Severity severity);
std::string_view kindName(ErrorKind kind);  // "config", "notFound", …: as on the wire

}  // namespace cairn::cli
