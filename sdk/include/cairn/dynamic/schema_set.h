#pragma once
// The schemas of one manifest, loaded at run time.
//
// One set for each manifest, never merged: another version of a type would change handles that are in use.

#include <cairn/base/result.h>

#include <capnp/schema-loader.h>
#include <capnp/schema.capnp.h>
#include <capnp/schema.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

class SchemaSet {
 public:
  // Copies the nodes. Ones that contradict themselves or each other are left out: get() tells of them.
  explicit SchemaSet(capnp::List<capnp::schema::Node>::Reader nodes);
  SchemaSet(const SchemaSet&) = delete;
  SchemaSet& operator=(const SchemaSet&) = delete;

  // Valid as long as the set lives.
  //
  // Errors (kind Internal): schema-unknown, schema-not-a-struct, schema-broken.
  Result<capnp::StructSchema> get(std::uint64_t id) const;
  // By the name of $Cairn.type: "docker.Image". Errors as get().
  Result<capnp::StructSchema> find(std::string_view typeName) const;
  // All structs that carry $Cairn.type, sorted by name.
  std::vector<std::string> typeNames() const;

 private:
  capnp::SchemaLoader loader_;
  std::map<std::uint64_t, std::string> broken_;  // why
  std::map<std::string, std::uint64_t, std::less<>> names_;
};

// The text of a struct's $Cairn.type; empty where it has none.
std::string_view typeNameOf(capnp::StructSchema schema);

}  // namespace cairn
