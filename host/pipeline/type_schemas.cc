#include "host/pipeline/type_schemas.h"

namespace cairn::host {

void TypeSchemas::add(std::shared_ptr<const Manifest> manifest) {
  for (auto type : manifest->reader().getTypes()) types_.emplace(type.getId(), Entry{manifest, type});
}

Result<capnp::StructSchema> TypeSchemas::get(std::uint64_t type) const {
  auto found = types_.find(type);
  if (found != types_.end()) return found->second.manifest->schemas().get(type);
  return Error{ErrorKind::Internal, "schema-unknown", "no plugin brings the schema of a type in use", {}, {}};
}

std::shared_ptr<const Manifest> TypeSchemas::manifestOf(std::uint64_t type) const {
  auto found = types_.find(type);
  return found == types_.end() ? nullptr : found->second.manifest;
}

kj::Maybe<wire::Manifest::Type::Reader> TypeSchemas::find(std::uint64_t type) const {
  auto found = types_.find(type);
  if (found == types_.end()) return nullptr;
  return found->second.type;
}

}  // namespace cairn::host
