#include "host/project/decode_scalar.h"

#include "host/project/inside_project.h"
#include "host/project/near_names.h"
#include "host/project/setting_parts.h"
#include "host/project/units.h"

namespace cairn::host {
namespace {

using capnp::schema::Type;

// The range of an integer type, as far as a setting can reach.
struct Range {
  std::int64_t least = 0;
  std::uint64_t most = 0;
};

Range rangeOf(Type::Which type) {
  switch (type) {
    case Type::INT8:
      return {INT8_MIN, INT8_MAX};
    case Type::INT16:
      return {INT16_MIN, INT16_MAX};
    case Type::INT32:
      return {INT32_MIN, INT32_MAX};
    case Type::INT64:
      return {INT64_MIN, INT64_MAX};
    case Type::UINT8:
      return {0, UINT8_MAX};
    case Type::UINT16:
      return {0, UINT16_MAX};
    case Type::UINT32:
      return {0, UINT32_MAX};
    default:
      return {0, UINT64_MAX};
  }
}

bool isInteger(Type::Which type) {
  return type >= Type::INT8 && type <= Type::UINT64;
}

}  // namespace

std::optional<SettingScalar> ScalarDecoder::decode(Setting value, capnp::Type type, const FieldTraits& field,
                                                   const std::string& path) {
  if (isInteger(type.which())) return decodeInteger(value, type.which(), field, path);
  switch (type.which()) {
    case Type::VOID:
      if ((value.isBool() && value.getBool()) || (value.isTable() && value.getTable().size() == 0))
        return SettingScalar{.value = capnp::VOID};
      mistakes_.wrongType(value, "true", path);
      return std::nullopt;
    case Type::BOOL:
      if (value.isBool()) return SettingScalar{.value = value.getBool()};
      mistakes_.wrongType(value, "true or false", path);
      return std::nullopt;
    case Type::FLOAT32:
    case Type::FLOAT64:
      if (value.isNumber()) return SettingScalar{.value = value.getNumber()};
      if (value.isInteger()) return SettingScalar{.value = static_cast<double>(value.getInteger())};
      mistakes_.wrongType(value, "a number", path);
      return std::nullopt;
    case Type::ENUM:
      return decodeEnum(value, type.asEnum(), path);
    default:
      return decodeText(value, type, field, path);
  }
}

std::optional<SettingScalar> ScalarDecoder::decodeText(Setting value, capnp::Type type,
                                                       const FieldTraits& field, const std::string& path) {
  if (!value.isText()) {
    mistakes_.wrongType(value, "a string", path);
    return std::nullopt;
  }
  SettingScalar out{.text = textOf(value.getText()), .isText = type.isText(), .isData = type.isData()};
  if (!field.path || out.text.empty()) return out;
  const auto file = insideProject(out.text, options_.appPath, options_.projectPath);
  if (!file) {
    mistakes_.add(value, "outside-project",
                  "'" + mistakes_.full(path) + "' leads out of the project's folder: \"" + out.text + "\"",
                  "write an absolute path if that is meant", path);
    return std::nullopt;
  }
  out.text = file->string();
  return out;
}

std::optional<SettingScalar> ScalarDecoder::decodeInteger(Setting value, Type::Which type,
                                                          const FieldTraits& field, const std::string& path) {
  if (value.isText() && field.durationUnitNs > 0) return decodeDuration(value, type, field, path);
  if (value.isText() && field.bytes) return decodeSize(value, type, path);
  if (!value.isInteger()) {
    mistakes_.wrongType(value,
                        field.durationUnitNs > 0 ? "a duration such as \"1m30s\""
                        : field.bytes            ? "a size such as \"512MiB\""
                                                 : "a whole number",
                        path);
    return std::nullopt;
  }
  const std::int64_t number = value.getInteger();
  const Range range = rangeOf(type);
  if (number >= range.least && (number < 0 || static_cast<std::uint64_t>(number) <= range.most))
    return SettingScalar{.value = number};
  mistakes_.add(value, "out-of-range",
                "'" + mistakes_.full(path) + "' is " + std::to_string(number) + ", but must be from " +
                    std::to_string(range.least) + " to " + std::to_string(range.most),
                "", path);
  return std::nullopt;
}

std::optional<SettingScalar> ScalarDecoder::decodeDuration(Setting value, Type::Which type,
                                                           const FieldTraits& field,
                                                           const std::string& path) {
  const std::string text = textOf(value.getText());
  const auto nanoseconds = parseDuration(text);
  if (!nanoseconds) {
    mistakes_.add(value, "bad-duration",
                  "'" + mistakes_.full(path) + "' is \"" + text + "\", which is no duration",
                  "write it as \"1m30s\" or \"500ms\"", path);
    return std::nullopt;
  }
  if (*nanoseconds % field.durationUnitNs != 0) {
    mistakes_.add(value, "bad-duration",
                  "'" + mistakes_.full(path) + "' is \"" + text + "\", which is finer than its unit, " +
                      durationText(field.durationUnitNs),
                  "", path);
    return std::nullopt;
  }
  return inRange(value, static_cast<std::uint64_t>(*nanoseconds / field.durationUnitNs), type, text, path);
}

std::optional<SettingScalar> ScalarDecoder::decodeSize(Setting value, Type::Which type,
                                                       const std::string& path) {
  const std::string text = textOf(value.getText());
  const auto bytes = parseSize(text);
  if (bytes) return inRange(value, *bytes, type, text, path);
  mistakes_.add(value, "bad-size", "'" + mistakes_.full(path) + "' is \"" + text + "\", which is no size",
                "write it as \"512MiB\" or \"2GB\"", path);
  return std::nullopt;
}

std::optional<SettingScalar> ScalarDecoder::inRange(Setting value, std::uint64_t number, Type::Which type,
                                                    const std::string& text, const std::string& path) {
  if (number <= rangeOf(type).most) return SettingScalar{.value = number};
  mistakes_.add(value, "out-of-range",
                "'" + mistakes_.full(path) + "' is \"" + text + "\", which is too large", "", path);
  return std::nullopt;
}

std::optional<SettingScalar> ScalarDecoder::decodeEnum(Setting value, capnp::EnumSchema schema,
                                                       const std::string& path) {
  if (!value.isText()) {
    mistakes_.wrongType(value, "a string", path);
    return std::nullopt;
  }
  const std::string written = textOf(value.getText());
  std::vector<std::string> names;
  for (auto enumerant : schema.getEnumerants()) {
    const std::string name = enumerant.getProto().getName().cStr();
    if (written == name || written == kebabCase(name) || written == snakeCase(name)) {
      return SettingScalar{.value = capnp::DynamicEnum(enumerant)};
    }
    names.push_back(kebabCase(name));
  }
  mistakes_.add(
      value, "unknown-choice", "'" + mistakes_.full(path) + "' can't be \"" + written + "\"",
      nearestName(written, names).empty() ? "choose one of: " + joinNames(names) : nameHint(written, names),
      path);
  return std::nullopt;
}

}  // namespace cairn::host
