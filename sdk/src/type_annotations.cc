#include "sdk/src/definition.h"

#include <cairn/annotations.capnp.h>

namespace cairn::detail {
namespace {

// The ids that annotations.capnp declares; generated code has no names for annotations.
constexpr std::uint64_t kType = 0xde172b88825a8653;
constexpr std::uint64_t kHostLocal = 0xedf12857d1720484;

}  // namespace

std::string_view typeName(capnp::StructSchema schema) {
  for (auto annotation : schema.getProto().getAnnotations()) {
    if (annotation.getId() != kType) continue;
    auto text = annotation.getValue().getText();
    return {text.begin(), text.size()};
  }
  return {};
}

bool isValueType(capnp::StructSchema schema) {
  return !typeName(schema).empty();
}

bool isHostLocal(capnp::StructSchema schema) {
  for (auto annotation : schema.getProto().getAnnotations()) {
    if (annotation.getId() == kHostLocal) return true;
  }
  return false;
}

std::vector<std::uint64_t> canonicalWords(capnp::AnyStruct::Reader value) {
  auto words = value.canonicalize();
  auto begin = reinterpret_cast<const std::uint64_t*>(words.begin());
  return {begin, begin + words.size()};
}

}  // namespace cairn::detail
