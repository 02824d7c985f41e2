#pragma once
// The schemas of all types that a plan may move, by id: those of plugins, and those of the project's own.

#include <host/broker/manifest.h>

#include <memory>
#include <unordered_map>
#include <vector>

namespace cairn::host {

class TypeSchemas {
 public:
  // Of two manifests that carry one type the first is asked.
  void add(std::shared_ptr<const Manifest> manifest);

  // Valid as long as the set lives. Errors: schema-unknown, schema-broken.
  Result<capnp::StructSchema> get(std::uint64_t type) const;
  // Whose schemas read a value of this type; null: nobody knows it.
  std::shared_ptr<const Manifest> manifestOf(std::uint64_t type) const;
  // Its name, schema digest and whether it is host-local. Null where nobody knows it.
  kj::Maybe<wire::Manifest::Type::Reader> find(std::uint64_t type) const;

 private:
  struct Entry {
    std::shared_ptr<const Manifest> manifest;
    wire::Manifest::Type::Reader type;
  };
  std::unordered_map<std::uint64_t, Entry> types_;
};

}  // namespace cairn::host
