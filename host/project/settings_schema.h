#pragma once
// What a component's settings struct says about itself: names in the file, annotations, documentation.

#include <cairn/base/result.h>

#include <capnp/schema.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::host {

// Keys of a stage that are the host's for ever.
bool isReservedStageKey(std::string_view key);  // use, labels, hook, timeout, mapper, cairn

// The annotations of a field.
struct FieldTraits {
  std::string name;  // in the file: "drain_timeout"
  std::string doc;
  std::string deprecated;
  bool required = false;
  bool secret = false;
  bool mayHoldSecret = false;
  bool map = false;
  bool bytes = false;
  bool path = false;
  bool json = false;
  std::int64_t durationUnitNs = 0;  // 0: no duration
};

FieldTraits fieldTraits(capnp::StructSchema::Field field);

// "drainTimeout" as it is written in the file: "drain_timeout". Enumerants: "blue-green".
std::string snakeCase(std::string_view camelCase);
std::string kebabCase(std::string_view camelCase);

// Whether the host can decode settings of this schema. Errors: reserved-setting; settings-schema where a
// field is of a type no setting can have (an interface, AnyPointer), two fields have one name in the file, or
// an annotation doesn't fit its field.
Result<void, std::vector<Error>> checkSettingsSchema(capnp::StructSchema schema);

struct SettingDoc {
  std::string name;         // dotted: "probe.path", "ports[].host"
  std::string type;         // "string", "duration", "one of a, b", "list of strings", "table of strings"
  std::string defaultText;  // as it would be written in the file; empty where there is none
  bool required = false;
  bool secret = false;
  bool mayHoldSecret = false;
  std::string deprecated;
  std::string doc;
};

// In the schema's order; a nested struct's settings follow its own line.
std::vector<SettingDoc> describeSettings(capnp::StructSchema schema);

}  // namespace cairn::host
