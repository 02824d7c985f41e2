#pragma once
// The faults that are put into what a plugin sends, by their names: each is a row of a table in faults.cc.

#include <cairn/plugin.capnp.h>

#include <string>

namespace cairn::fault {

// Before anybody sees it: hello announces the digest of what this leaves.
void tamperManifest(const std::string& fault, wire::Manifest::Builder manifest);
void tamperHello(const std::string& fault, wire::PluginInfo::Builder info);
// The answer of a builder, a platform or a mapper.
void tamperOutcome(const std::string& fault, wire::Outcome::Builder outcome);

}  // namespace cairn::fault
