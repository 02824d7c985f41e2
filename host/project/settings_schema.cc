#include "host/project/settings_schema.h"

#include "host/project/units.h"

#include <capnp/dynamic.h>
#include <capnp/message.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace cairn::host {
namespace {

using capnp::schema::Type;

// The ids of annotations.capnp; a plugin's schema is known at run time only.
constexpr std::uint64_t kDoc = 0x8d2e0b12c4d47430, kRequired = 0x9ee06d8b3423aa91,
                        kSecret = 0x9c578ed19288aafd, kMayHoldSecret = 0xb0d4e7f2cd8b779b,
                        kMap = 0xd273c8ea62be2efc, kDuration = 0x838c1d86e9a09a51,
                        kBytes = 0xb1a3f1d2c4e59607, kPath = 0xc9f27d0cf3b1a2e4, kJson = 0xd41bb0a6ce7c9f13,
                        kDeprecated = 0xe7a4a8f0be0b7a55;

constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
    {"Seconds", 1'000'000'000},
    {"Minutes", 60'000'000'000},
    {"Hours", 3'600'000'000'000},
    {"Days", 86'400'000'000'000},
    {"Ms", 1'000'000},
    {"Us", 1'000},
    {"Ns", 1},
};

bool isInteger(capnp::Type type) {
  const auto which = type.which();
  return (which >= Type::INT8 && which <= Type::UINT64);
}

std::string separated(std::string_view camelCase, char separator) {
  std::string out;
  for (char c : camelCase) {
    const bool capital = std::isupper(static_cast<unsigned char>(c)) != 0;
    if (capital && !out.empty() && out.back() != separator) out += separator;
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string_view takeUnit(std::string_view name, FieldTraits& traits) {
  if (traits.bytes && name.ends_with("Bytes") && name.size() > 5) return name.substr(0, name.size() - 5);
  if (traits.durationUnitNs == 0) return name;
  for (const auto& [unit, factor] : kUnits) {
    if (!name.ends_with(unit) || name.size() == unit.size()) continue;
    traits.durationUnitNs = factor;
    return name.substr(0, name.size() - unit.size());
  }
  return name;
}

// The struct's fields that make up an entry of a $map.
bool fitsMap(capnp::Type type) {
  if (!type.isList() || !type.asList().getElementType().isStruct()) return false;
  auto item = type.asList().getElementType().asStruct();
  const bool key = item.findFieldByName("name") != nullptr || item.findFieldByName("key") != nullptr;
  return key && item.findFieldByName("value") != nullptr;
}

bool isTextOrTexts(capnp::Type type) {
  return type.isText() || (type.isList() && type.asList().getElementType().isText());
}

class SchemaCheck {
 public:
  void check(capnp::StructSchema schema, const std::string& path, bool top) {
    if (!seen_.insert(schema.getProto().getId()).second && !schema.getProto().getStruct().getIsGroup())
      return;
    std::map<std::string, std::string> names;
    for (auto field : schema.getFields()) {
      const FieldTraits traits = fieldTraits(field);
      const std::string fieldPath = path + traits.name;
      const std::string own = field.getProto().getName().cStr();
      if (top && isReservedStageKey(traits.name)) {
        errors.push_back({.kind = ErrorKind::Config,
                          .code = "reserved-setting",
                          .message = "the setting '" + fieldPath + "' has a name that belongs to the host",
                          .hint = "the plugin must give it another name",
                          .settingPath = fieldPath});
      }
      if (auto [other, isNew] = names.emplace(traits.name, own); !isNew) {
        fail(fieldPath, "is also the name of the field " + other->second + " in the file");
      }
      checkTraits(field.getType(), traits, fieldPath);
      checkType(field.getType(), fieldPath);
    }
  }

  std::vector<Error> errors;

 private:
  void fail(const std::string& path, const std::string& why) {
    errors.push_back({.kind = ErrorKind::Config,
                      .code = "settings-schema",
                      .message = "the setting '" + path + "' " + why,
                      .hint = "the plugin's settings struct must be mended",
                      .settingPath = path});
  }

  void checkTraits(capnp::Type type, const FieldTraits& traits, const std::string& path) {
    if (traits.durationUnitNs < 0) fail(path, "is a $duration, but its field's name has no unit such as Ms");
    if (traits.durationUnitNs != 0 && !isInteger(type)) fail(path, "is a $duration, but no integer");
    if (traits.bytes && !isInteger(type)) fail(path, "is $bytes, but no integer");
    if (traits.path && !isTextOrTexts(type)) fail(path, "is a $path, but no Text");
    if (traits.json && !type.isText()) fail(path, "is $json, but no Text");
    if (traits.map && !fitsMap(type))
      fail(path, "is a $map, but no list of a struct with `name` (or `key`) and `value`");
  }

  void checkType(capnp::Type type, const std::string& path) {
    if (type.isInterface() || type.isAnyPointer()) fail(path, "has a type that no setting can have");
    if (type.isStruct()) check(type.asStruct(), path + ".", false);
    if (type.isList()) checkType(type.asList().getElementType(), path + "[]");
  }

  std::set<std::uint64_t> seen_;
};

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string typeText(capnp::Type type, const FieldTraits& traits);

std::string listText(capnp::ListSchema list, const FieldTraits& traits) {
  auto item = list.getElementType();
  if (traits.map) {
    KJ_IF_MAYBE (value, item.asStruct().findFieldByName("value")) {
      std::string inner = typeText(value->getType(), fieldTraits(*value));
      return "table of " + inner + (inner.ends_with("s") ? "" : "s");
    }
  }
  if (item.isStruct()) return "list of tables";
  FieldTraits plain;
  plain.path = traits.path;
  return "list of " + typeText(item, plain) + "s";
}

std::string typeText(capnp::Type type, const FieldTraits& traits) {
  if (traits.durationUnitNs != 0) return "duration";
  if (traits.bytes) return "size";
  if (traits.json) return "any";
  if (traits.path && type.isText()) return "path";
  switch (type.which()) {
    case Type::VOID:
      return "nothing";
    case Type::BOOL:
      return "bool";
    case Type::FLOAT32:
    case Type::FLOAT64:
      return "number";
    case Type::TEXT:
    case Type::DATA:
      return "string";
    case Type::LIST:
      return listText(type.asList(), traits);
    case Type::STRUCT:
      return "table";
    case Type::ENUM: {
      std::string out;
      for (auto enumerant : type.asEnum().getEnumerants()) {
        out += (out.empty() ? "one of " : ", ") + kebabCase(enumerant.getProto().getName().cStr());
      }
      return out;
    }
    default:
      return isInteger(type) ? "whole number" : "";
  }
}

std::string defaultText(capnp::StructSchema::Field field, capnp::DynamicStruct::Reader defaults,
                        const FieldTraits& traits) {
  const auto type = field.getType();
  auto value = defaults.get(field);
  if (isInteger(type)) {
    const auto number = type.which() >= Type::UINT8 ? value.as<std::uint64_t>()
                                                    : static_cast<std::uint64_t>(value.as<std::int64_t>());
    const bool written = field.getProto().isSlot() && field.getProto().getSlot().getHadExplicitDefault();
    if (number == 0 && !written) return "";
    if (traits.durationUnitNs > 0)
      return quoted(durationText(static_cast<std::int64_t>(number) * traits.durationUnitNs));
    if (traits.bytes) return quoted(sizeText(number));
    return type.which() >= Type::UINT8 ? std::to_string(number)
                                       : std::to_string(static_cast<std::int64_t>(number));
  }
  switch (type.which()) {
    case Type::BOOL:
      return value.as<bool>() ? "true" : "false";
    case Type::FLOAT32:
    case Type::FLOAT64:
      return value.as<double>() == 0 ? "" : kj::str(value.as<double>()).cStr();
    case Type::TEXT: {
      auto text = value.as<capnp::Text>();
      return text.size() == 0 ? "" : quoted(text.cStr());
    }
    case Type::ENUM:
      KJ_IF_MAYBE (enumerant, value.as<capnp::DynamicEnum>().getEnumerant()) {
        return quoted(kebabCase(enumerant->getProto().getName().cStr()));
      }
      return "";
    default:
      return "";
  }
}

void describe(capnp::StructSchema schema, capnp::DynamicStruct::Builder defaults, const std::string& path,
              int depth, std::vector<SettingDoc>& out) {
  for (auto field : schema.getFields()) {
    const FieldTraits traits = fieldTraits(field);
    const auto type = field.getType();
    const bool plain = type.which() != Type::STRUCT && type.which() != Type::LIST;
    const bool active = schema.getProto().getStruct().getDiscriminantCount() == 0 ||
                        field.getProto().getDiscriminantValue() == 0xffff;
    out.push_back({path + traits.name, typeText(type, traits),
                   plain && active ? defaultText(field, defaults.asReader(), traits) : "", traits.required,
                   traits.secret, traits.mayHoldSecret, traits.deprecated, traits.doc});
    if (depth == 8) continue;  // a struct that holds itself has no end
    if (type.isStruct()) {
      // Of a union, a member's defaults are seen once it is chosen.
      auto inner = active ? defaults.get(field) : defaults.init(field);
      describe(type.asStruct(), inner.as<capnp::DynamicStruct>(), path + traits.name + ".", depth + 1, out);
    } else if (type.isList() && type.asList().getElementType().isStruct() && !traits.map) {
      auto item = type.asList().getElementType().asStruct();
      capnp::MallocMessageBuilder empty;
      describe(item, empty.initRoot<capnp::DynamicStruct>(item), path + traits.name + "[].", depth + 1, out);
    }
  }
}

}  // namespace

bool isReservedStageKey(std::string_view key) {
  static constexpr std::string_view kKeys[] = {"use", "labels", "hook", "timeout", "mapper", "cairn"};
  return std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys);
}

std::string snakeCase(std::string_view camelCase) {
  return separated(camelCase, '_');
}
std::string kebabCase(std::string_view camelCase) {
  return separated(camelCase, '-');
}

FieldTraits fieldTraits(capnp::StructSchema::Field field) {
  FieldTraits out;
  for (auto annotation : field.getProto().getAnnotations()) {
    const auto value = annotation.getValue();
    switch (annotation.getId()) {
      case kDoc:
        out.doc = value.isText() ? value.getText().cStr() : "";
        break;
      case kDeprecated:
        out.deprecated = value.isText() ? value.getText().cStr() : "";
        break;
      case kRequired:
        out.required = true;
        break;
      case kSecret:
        out.secret = true;
        break;
      case kMayHoldSecret:
        out.mayHoldSecret = true;
        break;
      case kMap:
        out.map = true;
        break;
      case kBytes:
        out.bytes = true;
        break;
      case kPath:
        out.path = true;
        break;
      case kJson:
        out.json = true;
        break;
      case kDuration:
        out.durationUnitNs = -1;
        break;  // until the name says the unit
      default:
        break;
    }
  }
  const std::string_view name(field.getProto().getName().begin(), field.getProto().getName().size());
  out.name = snakeCase(takeUnit(name, out));
  return out;
}

Result<void, std::vector<Error>> checkSettingsSchema(capnp::StructSchema schema) {
  SchemaCheck check;
  check.check(schema, "", true);
  if (!check.errors.empty()) return std::move(check.errors);
  return {};
}

std::vector<SettingDoc> describeSettings(capnp::StructSchema schema) {
  std::vector<SettingDoc> out;
  capnp::MallocMessageBuilder empty;
  describe(schema, empty.initRoot<capnp::DynamicStruct>(schema), "", 0, out);
  return out;
}

}  // namespace cairn::host
