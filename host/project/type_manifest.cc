#include "host/project/type_manifest.h"

#include <cairn/dynamic/digest.h>
#include <cairn/dynamic/schema_set.h>
#include <cairn/manifest.capnp.h>
#include <cairn/types.capnp.h>

#include <capnp/message.h>

#include <cstring>

namespace cairn::host {
namespace {

constexpr std::uint64_t kDoc = 0x8d2e0b12c4d47430, kHostLocal = 0xedf12857d1720484;

using Nodes = std::map<std::uint64_t, capnp::Schema>;

// The struct and all structs and enums that its fields use. False where one is of a kind that no value has.
bool collect(capnp::Type type, Nodes& nodes) {
  while (type.isList()) type = type.asList().getElementType();
  if (type.isInterface() || type.isAnyPointer()) return false;
  if (type.isEnum()) nodes.emplace(type.asEnum().getProto().getId(), type.asEnum());
  if (!type.isStruct()) return true;
  const auto schema = type.asStruct();
  if (!nodes.emplace(schema.getProto().getId(), schema).second) return true;
  bool good = true;
  for (auto field : schema.getFields()) good = collect(field.getType(), nodes) && good;
  return good;
}

Digest digestOf(capnp::StructSchema schema) {
  Nodes needed;
  collect(schema, needed);
  Sha256 digest;
  for (auto& [id, node] : needed) {
    auto words = capnp::canonicalize(node.getProto());
    digest.add(words.asBytes().begin(), words.asBytes().size());
  }
  return digest.finish();
}

void writeType(capnp::StructSchema schema, wire::Manifest::Type::Builder out) {
  const Digest digest = digestOf(schema);
  out.setId(schema.getProto().getId());
  out.setName(std::string(typeNameOf(schema)).c_str());
  out.setDigest(kj::arrayPtr(digest.data(), digest.size()));
  for (auto annotation : schema.getProto().getAnnotations()) {
    if (annotation.getId() == kDoc) out.setDoc(annotation.getValue().getText());
    if (annotation.getId() == kHostLocal) out.setHostLocal(true);
  }
}

template <typename... Types>
void addAll(TypeManifest& out) {
  (out.add(capnp::Schema::from<Types>()), ...);
}

}  // namespace

bool TypeManifest::add(capnp::StructSchema schema) {
  if (!collect(schema, nodes_)) return false;
  types_.emplace(schema.getProto().getId(), schema);
  return true;
}

std::vector<std::uint64_t> TypeManifest::words(const std::string& name) const {
  capnp::MallocMessageBuilder message;
  auto out = message.initRoot<wire::Manifest>();
  out.setName(name);
  out.setVersion("0");
  auto nodes = out.initSchemaNodes(static_cast<unsigned>(nodes_.size()));
  unsigned next = 0;
  for (const auto& [id, schema] : nodes_) nodes.setWithCaveats(next++, schema.getProto());
  auto types = out.initTypes(static_cast<unsigned>(types_.size()));
  next = 0;
  for (const auto& [id, schema] : types_) writeType(schema, types[next++]);
  const auto words = capnp::canonicalize(out.asReader());
  std::vector<std::uint64_t> copy(words.size());
  std::memcpy(copy.data(), words.begin(), words.size() * sizeof(std::uint64_t));
  return copy;
}

std::vector<std::uint64_t> sharedTypes() {
  TypeManifest out;
  addAll<wire::SourceTree, wire::Labels, wire::DeploymentConfig, wire::FilesDirectory, wire::Archive,
         wire::OciImage, wire::DockerImage, wire::Url, wire::Release, wire::Status, wire::ExecResult>(out);
  return out.words("cairn");
}

}  // namespace cairn::host
