#pragma once
// A value between two stages, as the host holds it: bytes that it moves, compares and stores without knowing
// their type.

#include <cairn/base/result.h>
#include <cairn/value.capnp.h>

#include <capnp/dynamic.h>
#include <capnp/message.h>

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::host {

inline constexpr std::size_t kMaxValueBytes = 1 << 20;

struct Value {
  std::uint64_t typeId = 0;  // 0: no value
  std::string typeName;
  std::string schemaDigest;          // 32 bytes, or empty
  std::vector<std::uint64_t> words;  // canonical form: one segment, root pointer first
  bool hostLocal = false;

  bool empty() const { return typeId == 0; }
  std::size_t sizeBytes() const { return words.size() * 8; }
  // SHA-256 of the canonical bytes: what records name a value by.
  std::string digest() const;
};

// The value's struct, readable as long as `value` lives and isn't changed.
class ValueReader {
 public:
  explicit ValueReader(const Value& value);

  template <typename T>
  typename T::Reader as() {
    return message_.getRoot<T>();
  }
  capnp::DynamicStruct::Reader as(capnp::StructSchema schema) {
    return message_.getRoot<capnp::DynamicStruct>(schema);
  }

 private:
  kj::ArrayPtr<const capnp::word> segment_;
  capnp::SegmentArrayMessageReader message_;
};

// Any struct in canonical form.
std::vector<std::uint64_t> canonicalWords(capnp::AnyStruct::Reader value);

template <typename T>
Value makeValue(typename T::Reader reader, std::string typeName) {
  return Value{
      capnp::typeId<T>(), std::move(typeName), {}, canonicalWords(capnp::AnyStruct::Reader(reader)), false};
}

// Brings it into canonical form.
//
// Errors: value-too-large (over 1 MiB), value-garbage (not whole words, or not a struct).
Result<Value> readValue(wire::Value::Reader reader);
// Whether all that its schema knows of can be read: a text that is none is told here, and not in the middle
// of some work. Errors: value-garbage.
Result<void> checkValue(const Value& value, capnp::StructSchema schema);
void writeValue(const Value& value, wire::Value::Builder builder);

Error readDiagnostic(wire::Diagnostic::Reader reader);
void writeDiagnostic(const Error& error, wire::Diagnostic::Builder builder);

}  // namespace cairn::host
