#include "host/pipeline/value_facts.h"

#include <host/project/decode_settings.h>

namespace cairn::host {

std::string urlOf(const Value& value, const Manifest& manifest) {
  if (value.empty()) return {};
  auto schema = manifest.schemas().get(value.typeId);
  if (!schema) return {};
  KJ_IF_MAYBE (field, schema->findFieldByName("url")) {
    if (!field->getType().isText()) return {};
    ValueReader reader(value);
    return reader.as(*schema).get(*field).as<capnp::Text>().cStr();
  }
  return {};
}

Datum datumOfValue(const Value& value, const Manifest& manifest) {
  if (value.empty()) return {};
  auto schema = manifest.schemas().get(value.typeId);
  if (!schema) return {};
  ValueReader reader(value);
  return datumOf(reader.as(*schema));
}

}  // namespace cairn::host
