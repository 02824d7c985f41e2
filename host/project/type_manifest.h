#pragma once
// Types as the manifest of a "plugin" that brings nothing else: those of the project's own, and those that
// Cairn's own schema declares.

#include <capnp/schema.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cairn::host {

class TypeManifest {
 public:
  // Takes a struct with $Cairn.type, and the structs and enums that its fields use. The schema outlives this.
  // False where it holds a capability or an AnyPointer, which no value does.
  bool add(capnp::StructSchema schema);

  // Canonical.
  std::vector<std::uint64_t> words(const std::string& name) const;

 private:
  std::map<std::uint64_t, capnp::Schema> nodes_;
  std::map<std::uint64_t, capnp::StructSchema> types_;
};

// The types of sdk/schema/types.capnp, which are known also where no plugin here uses them.
std::vector<std::uint64_t> sharedTypes();

}  // namespace cairn::host
