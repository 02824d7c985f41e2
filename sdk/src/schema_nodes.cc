#include "sdk/src/schema_nodes.h"

#include <capnp/message.h>

namespace cairn::detail {
namespace {

void collect(capnp::Type type, std::map<std::uint64_t, capnp::Schema>& nodes);

void collect(capnp::StructSchema schema, std::map<std::uint64_t, capnp::Schema>& nodes) {
  if (!nodes.emplace(schema.getProto().getId(), schema).second) return;
  for (auto field : schema.getFields()) collect(field.getType(), nodes);
}

void collect(capnp::Type type, std::map<std::uint64_t, capnp::Schema>& nodes) {
  while (type.isList()) type = type.asList().getElementType();
  if (type.isStruct()) collect(type.asStruct(), nodes);
  if (type.isEnum()) nodes.emplace(type.asEnum().getProto().getId(), type.asEnum());
}

}  // namespace

void SchemaNodes::add(capnp::StructSchema schema) {
  collect(schema, nodes_);
}

Digest SchemaNodes::digest(capnp::StructSchema schema) {
  std::map<std::uint64_t, capnp::Schema> needed;
  collect(schema, needed);
  Sha256 digest;
  for (auto& [id, node] : needed) {
    auto bytes = canonicalNode(id).asBytes();
    digest.add(bytes.begin(), bytes.size());
  }
  return digest.finish();
}

const kj::Array<capnp::word>& SchemaNodes::canonicalNode(std::uint64_t id) {
  auto& words = canonical_[id];
  if (words == nullptr) words = capnp::canonicalize(nodes_.at(id).getProto());
  return words;
}

}  // namespace cairn::detail
