#pragma once
// Cap'n Proto structs as JSON, of any schema, with nothing lost.
//
//   struct      an object of camelCase names; a group is a nested object; of a union the member that is set
//   integers    numbers; 64-bit ones beyond ±2^53 as strings (both are read)
//   enums       their names; a number where the schema doesn't know the value
//   Data        base64
//   AnyPointer  base64 of the pointer's canonical message; null where there is none
//   floats      numbers; "NaN", "Infinity", "-Infinity" as strings
//
// Pointer fields that are not set are left out; a missing field is read as its default.

#include <cairn/base/result.h>

#include <capnp/dynamic.h>
#include <capnp/message.h>

#include <memory>
#include <string>
#include <string_view>

namespace cairn {

struct JsonLayout {
  bool indent = false;   // two spaces a level, with line ends
  bool defaults = true;  // false: numbers, bools and enums that are as unset are left out
};

// Never fails; capabilities are written as null.
std::string toJson(capnp::DynamicStruct::Reader value, JsonLayout layout = {});

// A struct made at run time, with the message that holds it.
class DynamicValueHolder {
 public:
  explicit DynamicValueHolder(capnp::StructSchema schema);
  capnp::DynamicStruct::Builder builder() { return root_; }
  capnp::DynamicStruct::Reader reader() const { return root_.asReader(); }

 private:
  std::unique_ptr<capnp::MallocMessageBuilder> message_;
  capnp::DynamicStruct::Builder root_;
};

// Reads `text` as the struct that `schema` tells of.
//
// Errors (kind Config): json-syntax, json-unknown-field, json-wrong-type, json-out-of-range, json-two-members
// (of one union); each names the path, "mappers[2].cost", in settingPath.
Result<DynamicValueHolder> fromJson(std::string_view text, capnp::StructSchema schema);

}  // namespace cairn
