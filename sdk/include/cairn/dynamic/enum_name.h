#pragma once
// The name of an enumerant as its schema has it: what people and JSON read.

#include <capnp/schema.h>

#include <string_view>

namespace cairn {

// "inProgress"; "unknown" for a value of a later version. Valid for ever.
template <typename Enum>
std::string_view enumName(Enum value) {
  auto enumerants = capnp::Schema::from<Enum>().getEnumerants();
  const auto index = static_cast<unsigned>(value);
  if (index >= enumerants.size()) return "unknown";
  auto name = enumerants[index].getProto().getName();
  return {name.begin(), name.size()};
}

}  // namespace cairn
