// What a stage returned, as expressions see it: datumOf() of decode_settings.h.

#include "host/project/decode_settings.h"
#include "host/project/setting_parts.h"
#include "host/project/settings_schema.h"

namespace cairn::host {
namespace {

// Deeper than a value that Cap'n Proto reads at all, and shallow enough for the stack of a fiber.
constexpr int kDeepest = 64;

Datum datumOfStruct(capnp::DynamicStruct::Reader value, int depth);

Datum datumOfDynamic(capnp::DynamicValue::Reader value, int depth) {
  switch (value.getType()) {
    case capnp::DynamicValue::BOOL:
      return {.value = value.as<bool>()};
    case capnp::DynamicValue::INT:
      return {.value = value.as<std::int64_t>()};
    case capnp::DynamicValue::UINT: {
      const auto number = value.as<std::uint64_t>();
      if (number > INT64_MAX) return {.value = static_cast<double>(number)};
      return {.value = static_cast<std::int64_t>(number)};
    }
    case capnp::DynamicValue::FLOAT:
      return {.value = value.as<double>()};
    case capnp::DynamicValue::TEXT:
      return {.value = textOf(value.as<capnp::Text>())};
    case capnp::DynamicValue::DATA: {
      auto data = value.as<capnp::Data>();
      return {.value = std::string(reinterpret_cast<const char*>(data.begin()), data.size())};
    }
    case capnp::DynamicValue::LIST: {
      Datum::List list;
      for (auto item : value.as<capnp::DynamicList>()) list.push_back(datumOfDynamic(item, depth + 1));
      return {.value = std::move(list)};
    }
    case capnp::DynamicValue::ENUM:
      KJ_IF_MAYBE (enumerant, value.as<capnp::DynamicEnum>().getEnumerant()) {
        return {.value = kebabCase(enumerant->getProto().getName().cStr())};
      }
      return {.value = static_cast<std::int64_t>(value.as<capnp::DynamicEnum>().getRaw())};
    case capnp::DynamicValue::STRUCT:
      return datumOfStruct(value.as<capnp::DynamicStruct>(), depth + 1);
    default:
      return {};
  }
}

// A struct that isn't there is null: one of its own type inside it would have no end. Texts and lists that
// aren't there are empty.
Datum datumOfField(capnp::DynamicStruct::Reader value, capnp::StructSchema::Field field, int depth) {
  if (field.getType().isStruct() && !value.has(field)) return {};
  return datumOfDynamic(value.get(field), depth);
}

Datum datumOfStruct(capnp::DynamicStruct::Reader value, int depth) {
  if (depth > kDeepest) return {};
  Datum::Map out;
  for (auto field : value.getSchema().getNonUnionFields())
    out[fieldTraits(field).name] = datumOfField(value, field, depth);
  KJ_IF_MAYBE (member, value.which()) {
    out[fieldTraits(*member).name] = datumOfField(value, *member, depth);
  }
  return {.value = std::move(out)};
}

}  // namespace

Datum datumOf(capnp::DynamicStruct::Reader value) {
  return datumOfStruct(value, 0);
}

}  // namespace cairn::host
