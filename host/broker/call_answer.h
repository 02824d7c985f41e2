#pragma once
// What a plugin answered to a call, judged by what its manifest promises.

#include <cairn/base/result.h>
#include <cairn/plugin.capnp.h>
#include <host/broker/catalog.h>
#include <host/broker/invocation.h>

#include <string>

namespace cairn::host {

// The hint where a plugin breaks its contract.
extern const char kMistakeOfPlugin[];

// A call as its answer is judged: who was asked for what.
struct Asked {
  std::string plugin;
  std::string title;
  std::uint64_t output = 0;  // the type that the manifest promises; 0: none
  std::string outputName;
  std::shared_ptr<const Manifest> manifest = nullptr;  // whose schemas read it
};
Asked askedOf(const LocatedPlugin& plugin, const Invocation& invocation, const std::string& title);

// Errors: the plugin's own, with all it said; plugin-gave-no-reason, wrong-type-returned, those of a value.
Result<CallAnswer> readOutcome(wire::Outcome::Reader outcome, const Asked& asked);

// Whether the plugin answered to `operation` with this type of Cairn's own, as Cairn knows it: a manifest may
// promise another, and reads it by schemas of its own. Errors: wrong-type-returned, value-garbage.
Result<void> checkStandardAnswer(const Value& value, capnp::StructSchema type, const std::string& typeName,
                                 const std::string& plugin, const std::string& operation);

}  // namespace cairn::host
