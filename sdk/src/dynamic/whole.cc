#include <cairn/dynamic/whole.h>

namespace cairn {
namespace {

void read(capnp::DynamicValue::Reader value);

void readField(capnp::DynamicStruct::Reader message, capnp::StructSchema::Field field) {
  const auto type = field.getType();
  // Numbers hold nothing that could be broken; what is behind a pointer of any type only its reader knows.
  const bool isPointer = type.isText() || type.isData() || type.isList() || type.isStruct();
  if (!isPointer) return;
  if (field.getProto().isGroup() || message.has(field)) read(message.get(field));
}

void read(capnp::DynamicValue::Reader value) {
  if (value.getType() == capnp::DynamicValue::STRUCT) {
    readWhole(value.as<capnp::DynamicStruct>());
  } else if (value.getType() == capnp::DynamicValue::LIST) {
    auto list = value.as<capnp::DynamicList>();
    const auto element = list.getSchema().getElementType();
    if (element.isText() || element.isData() || element.isList() || element.isStruct()) {
      for (auto item : list) read(item);
    }
  }
}

}  // namespace

void readWhole(capnp::DynamicStruct::Reader message) {
  for (auto field : message.getSchema().getNonUnionFields()) readField(message, field);
  KJ_IF_MAYBE (chosen, message.which()) readField(message, *chosen);
}

}  // namespace cairn
