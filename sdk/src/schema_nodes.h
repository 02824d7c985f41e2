#pragma once
// The schema nodes that a struct needs, found from the schemas compiled into the program.

#include <cairn/dynamic/digest.h>

#include <capnp/schema.h>
#include <kj/array.h>

#include <cstdint>
#include <map>
#include <set>

namespace cairn::detail {

class SchemaNodes {
 public:
  // Adds the struct and all structs, groups and enums that its fields need.
  void add(capnp::StructSchema schema);
  // SHA-256 over the canonical nodes that `schema`, which was added, needs, sorted by id.
  Digest digest(capnp::StructSchema schema);

  const std::map<std::uint64_t, capnp::Schema>& all() const { return nodes_; }

 private:
  const kj::Array<capnp::word>& canonicalNode(std::uint64_t id);

  std::map<std::uint64_t, capnp::Schema> nodes_;
  std::map<std::uint64_t, kj::Array<capnp::word>> canonical_;
};

}  // namespace cairn::detail
