#pragma once
// An Error as it crosses the wire, and back.

#include <cairn/base/error.h>
#include <cairn/value.capnp.h>

#include <string_view>

namespace cairn::detail {

// `plugin` is put before a code that has no owner yet: "build-failed" becomes "docker/build-failed".
void writeDiagnostic(const Error& error, std::string_view plugin, wire::Diagnostic::Builder out);
Error readDiagnostic(wire::Diagnostic::Reader diagnostic);

}  // namespace cairn::detail
