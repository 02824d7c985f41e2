#include "host/project/decode_settings.h"

#include "host/project/inside_project.h"
#include "host/project/near_names.h"
#include "host/project/resolve_settings.h"
#include "host/project/settings_schema.h"
#include "host/project/units.h"

#include <capnp/any.h>
#include <capnp/message.h>

#include <algorithm>
#include <optional>

namespace cairn::host {
namespace {

using capnp::schema::Type;
using Setting = wire::Setting::Reader;

std::string textOf(capnp::Text::Reader text) {
  return std::string(text.begin(), text.size());
}

std::string_view kindOf(Setting setting) {
  static constexpr std::string_view kNames[] = {"null",     "a bool", "a whole number", "a number",
                                                "a string", "a list", "a table",        "an expression"};
  return kNames[static_cast<int>(setting.which())];
}

// Whether `test` holds for the setting or any part of it.
template <typename Test>
bool anyPart(Setting setting, const Test& test) {
  if (test(setting)) return true;
  if (setting.isList()) {
    for (auto item : setting.getList()) {
      if (anyPart(item, test)) return true;
    }
  }
  if (setting.isTable()) {
    for (auto entry : setting.getTable()) {
      if (anyPart(entry.getValue(), test)) return true;
    }
  }
  return false;
}

bool holdsExpressions(Setting setting) {
  return anyPart(setting, [](Setting part) { return part.isExpression(); });
}

bool holdsSecrets(Setting setting) {
  return anyPart(setting, [](Setting part) { return part.getSecret(); });
}

// The place of the key `name` whose value stands where `value` says.
const SourcePosition* findKey(const SettingsNode& node, const std::string& name, Setting value) {
  const auto isHere = [&](const SettingsEntry& entry) {
    return entry.name == name && entry.value.position.line == static_cast<int>(value.getLine()) &&
           entry.value.position.column == static_cast<int>(value.getColumn());
  };
  if (const auto* table = node.table()) {
    for (const SettingsEntry& entry : *table) {
      if (isHere(entry)) return &entry.position;
      if (const auto* found = findKey(entry.value, name, value)) return found;
    }
  }
  if (const auto* list = node.list()) {
    for (const SettingsNode& item : *list) {
      if (const auto* found = findKey(item, name, value)) return found;
    }
  }
  return nullptr;
}

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

class Decoder {
 public:
  explicit Decoder(const DecodeOptions& options) : options_(options) {}

  // One table into one struct or group.
  void decodeTable(Setting table, capnp::DynamicStruct::Builder out, const std::string& path) {
    auto schema = out.getSchema();
    std::vector<FieldTraits> traits;
    for (auto field : schema.getFields()) traits.push_back(fieldTraits(field));
    std::vector<bool> written(traits.size());
    std::string unionMember;
    for (auto entry : table.getTable()) {
      const std::string name = textOf(entry.getName());
      const auto found = std::find_if(traits.begin(), traits.end(),
                                      [&](const FieldTraits& field) { return field.name == name; });
      const std::string fieldPath = path.empty() ? name : path + "." + name;
      if (found == traits.end()) {
        unknownKey(entry.getValue(), name, fieldPath, path, traits);
        continue;
      }
      if (entry.getValue().isNull()) continue;  // an expression that chose to leave it out
      const auto index = static_cast<unsigned>(found - traits.begin());
      auto field = schema.getFields()[index];
      if (field.getProto().getDiscriminantValue() != 0xffff &&
          !onlyMember(unionMember, name, entry.getValue(), fieldPath))
        continue;
      written[index] = true;
      decodeField(entry.getValue(), field, *found, out, fieldPath);
    }
    for (std::size_t i = 0; i < traits.size(); ++i) {
      if (traits[i].required && !written[i]) missing(table, path, traits[i]);
    }
  }

  Errors errors;
  DecodedSettings decoded;

 private:
  using Field = capnp::StructSchema::Field;

  void fail(Setting at, std::string code, std::string message, std::string hint, const std::string& path) {
    SourcePosition position{options_.file, static_cast<int>(at.getLine()), static_cast<int>(at.getColumn())};
    if (at.hasFile()) position.file = textOf(at.getFile());
    if (position.line == 0) position.file.clear();
    errors.push_back({.kind = ErrorKind::Config,
                      .code = std::move(code),
                      .message = std::move(message),
                      .hint = std::move(hint),
                      .position = std::move(position),
                      .settingPath = full(path)});
  }

  std::string full(const std::string& path) const {
    if (options_.pathPrefix.empty() || path.empty()) return options_.pathPrefix + path;
    return options_.pathPrefix + "." + path;
  }

  void unknownKey(Setting at, const std::string& name, const std::string& path, const std::string& table,
                  const std::vector<FieldTraits>& traits) {
    std::vector<std::string> names;
    for (const FieldTraits& field : traits) names.push_back(field.name);
    const std::string owner = !table.empty()           ? "'" + full(table) + "'"
                              : options_.owner.empty() ? "'" + options_.pathPrefix + "'"
                                                       : "the " + options_.owner;
    fail(at, "unknown-key", owner + " has no setting '" + name + "'", nameHint(name, names), path);
    if (options_.written == nullptr) return;
    if (const SourcePosition* key = findKey(*options_.written, name, at)) errors.back().position = *key;
  }

  bool onlyMember(std::string& member, const std::string& name, Setting at, const std::string& path) {
    if (member.empty() || member == name) {
      member = name;
      return true;
    }
    fail(at, "one-of", "only one of '" + member + "' and '" + name + "' can be set", "take one of them out",
         path);
    return false;
  }

  void missing(Setting table, const std::string& path, const FieldTraits& field) {
    const std::string fieldPath = path.empty() ? field.name : path + "." + field.name;
    fail(table, "missing-setting",
         "'" + full(fieldPath) + "' must be set" +
             (options_.owner.empty() ? "" : " for the " + options_.owner),
         field.doc, fieldPath);
  }

  void wrongType(Setting value, std::string_view wanted, const std::string& path) {
    fail(value, "wrong-type",
         "'" + full(path) + "' is " + std::string(kindOf(value)) + ", but " + std::string(wanted) +
             " is wanted",
         "", path);
  }

  void decodeField(Setting value, Field field, const FieldTraits& traits, capnp::DynamicStruct::Builder out,
                   const std::string& path) {
    decoded.written.push_back(path);
    if (!traits.deprecated.empty()) warnDeprecated(value, traits, path);
    const bool secret = traits.secret || (!isTree(field, traits) && holdsSecrets(value));
    if (secret) decoded.secret.push_back(path);
    if (secret && options_.leaveSecretsOut) return;
    if (value.isExpression()) return unknown(value, path);
    if (traits.json) return decodeJson(value, field, out, path);
    switch (field.getType().which()) {
      case Type::STRUCT:
        return decodeStruct(value, field, out, path);
      case Type::LIST:
        return traits.map ? decodeMap(value, field, out, path) : decodeList(value, field, traits, out, path);
      default:
        if (auto scalar = decodeScalar(value, field.getType(), traits, path))
          out.set(field, scalar->reader());
    }
  }

  // Its parts are asked for secrets one by one.
  static bool isTree(Field field, const FieldTraits& traits) {
    if (traits.json) return false;
    const auto type = field.getType();
    return type.isStruct() || (type.isList() && type.asList().getElementType().isStruct());
  }

  void warnDeprecated(Setting value, const FieldTraits& traits, const std::string& path) {
    decoded.warnings.push_back(
        {.kind = ErrorKind::Config,
         .code = "deprecated-setting",
         .message = "'" + full(path) + "' is deprecated: " + traits.deprecated,
         .position = {options_.file, static_cast<int>(value.getLine()), static_cast<int>(value.getColumn())},
         .settingPath = full(path)});
  }

  void unknown(Setting value, const std::string& path) {
    if (options_.mayBeUnknown)
      decoded.unknown.push_back(path);
    else
      fail(value, "bad-expression", "'" + full(path) + "' is not known yet", "", path);
  }

  void decodeJson(Setting value, Field field, capnp::DynamicStruct::Builder out, const std::string& path) {
    if (holdsExpressions(value)) return unknown(value, path);
    const std::string json = toJson(readDatum(value));
    out.set(field, capnp::Text::Reader(json.c_str(), json.size()));
  }

  void decodeStruct(Setting value, Field field, capnp::DynamicStruct::Builder out, const std::string& path) {
    // Of a union, a member without settings of its own may be named by a plain string.
    if (value.isText() && chooseVoid(value, out.init(field).as<capnp::DynamicStruct>(), path)) return;
    if (!value.isTable()) return wrongType(value, "a table", path);
    decodeTable(value, out.init(field).as<capnp::DynamicStruct>(), path);
  }

  bool chooseVoid(Setting value, capnp::DynamicStruct::Builder out, const std::string&) {
    for (auto field : out.getSchema().getUnionFields()) {
      if (!field.getType().isVoid() || fieldTraits(field).name != textOf(value.getText())) continue;
      out.set(field, capnp::VOID);
      return true;
    }
    return false;
  }

  void decodeMap(Setting value, Field field, capnp::DynamicStruct::Builder out, const std::string& path) {
    if (!value.isTable()) return wrongType(value, "a table", path);
    auto entries = value.getTable();
    auto list = out.init(field, entries.size()).as<capnp::DynamicList>();
    auto item = list.getSchema().getStructElementType();
    auto key = item.findFieldByName("name");
    if (key == nullptr) key = item.findFieldByName("key");
    for (unsigned i = 0; i < entries.size(); ++i) {
      auto one = list[i].as<capnp::DynamicStruct>();
      const std::string name = textOf(entries[i].getName());
      KJ_IF_MAYBE (keyField, key) {
        one.set(*keyField, capnp::Text::Reader(name.c_str(), name.size()));
      }
      auto valueField = item.getFieldByName("value");
      const std::string entryPath = path + "." + name;
      auto entry = entries[i].getValue();
      if (entry.isNull()) continue;
      const std::size_t before = decoded.written.size();
      decodeField(entry, valueField, fieldTraits(valueField), one, entryPath);
      decoded.written.resize(before);  // the map was written as a whole
    }
  }

  void decodeList(Setting value, Field field, const FieldTraits& traits, capnp::DynamicStruct::Builder out,
                  const std::string& path) {
    if (!value.isList()) return wrongType(value, listName(field.getType().asList()), path);
    fillList(value, out.init(field, value.getList().size()).as<capnp::DynamicList>(), traits, path);
  }

  static std::string listName(capnp::ListSchema list) {
    const auto item = list.getElementType();
    if (item.isText()) return "a list of strings";
    if (item.isStruct()) return "a list of tables";
    return "a list";
  }

  void fillList(Setting value, capnp::DynamicList::Builder list, const FieldTraits& traits,
                const std::string& path) {
    auto items = value.getList();
    const auto type = list.getSchema().getElementType();
    for (unsigned i = 0; i < items.size(); ++i) {
      const std::string itemPath = path + "[" + std::to_string(i) + "]";
      if (items[i].isExpression()) {
        unknown(items[i], itemPath);
      } else if (type.isStruct()) {
        if (items[i].isTable())
          decodeTable(items[i], list[i].as<capnp::DynamicStruct>(), itemPath);
        else
          wrongType(items[i], "a table", itemPath);
      } else if (type.isList()) {
        if (items[i].isList())
          fillList(items[i], list.init(i, items[i].getList().size()).as<capnp::DynamicList>(), traits,
                   itemPath);
        else
          wrongType(items[i], "a list", itemPath);
      } else if (auto scalar = decodeScalar(items[i], type, traits, itemPath)) {
        list.set(i, scalar->reader());
      }
    }
  }

  // A scalar that owns its text.
  struct Scalar {
    std::string text;
    capnp::DynamicValue::Reader value;
    bool isText = false;
    bool isData = false;

    capnp::DynamicValue::Reader reader() const {
      if (isText) return capnp::Text::Reader(text.c_str(), text.size());
      if (isData) return capnp::Data::Reader(reinterpret_cast<const kj::byte*>(text.data()), text.size());
      return value;
    }
  };

  std::optional<Scalar> decodeScalar(Setting value, capnp::Type type, const FieldTraits& traits,
                                     const std::string& path) {
    if (isInteger(type.which())) return decodeInteger(value, type.which(), traits, path);
    switch (type.which()) {
      case Type::VOID:
        if ((value.isBool() && value.getBool()) || (value.isTable() && value.getTable().size() == 0))
          return Scalar{.value = capnp::VOID};
        wrongType(value, "true", path);
        return std::nullopt;
      case Type::BOOL:
        if (value.isBool()) return Scalar{.value = value.getBool()};
        wrongType(value, "true or false", path);
        return std::nullopt;
      case Type::FLOAT32:
      case Type::FLOAT64:
        if (value.isNumber()) return Scalar{.value = value.getNumber()};
        if (value.isInteger()) return Scalar{.value = static_cast<double>(value.getInteger())};
        wrongType(value, "a number", path);
        return std::nullopt;
      case Type::ENUM:
        return decodeEnum(value, type.asEnum(), path);
      default:
        return decodeText(value, type, traits, path);
    }
  }

  std::optional<Scalar> decodeText(Setting value, capnp::Type type, const FieldTraits& traits,
                                   const std::string& path) {
    if (!value.isText()) {
      wrongType(value, "a string", path);
      return std::nullopt;
    }
    Scalar out{.text = textOf(value.getText()), .isText = type.isText(), .isData = type.isData()};
    if (!traits.path || out.text.empty()) return out;
    const auto file = insideProject(out.text, options_.appPath, options_.projectPath);
    if (!file) {
      fail(value, "outside-project",
           "'" + full(path) + "' leads out of the project's folder: \"" + out.text + "\"",
           "write an absolute path if that is meant", path);
      return std::nullopt;
    }
    out.text = file->string();
    return out;
  }

  std::optional<Scalar> decodeInteger(Setting value, Type::Which type, const FieldTraits& traits,
                                      const std::string& path) {
    if (value.isText() && traits.durationUnitNs > 0) return decodeDuration(value, type, traits, path);
    if (value.isText() && traits.bytes) return decodeSize(value, type, path);
    if (!value.isInteger()) {
      wrongType(value,
                traits.durationUnitNs > 0 ? "a duration such as \"1m30s\""
                : traits.bytes            ? "a size such as \"512MiB\""
                                          : "a whole number",
                path);
      return std::nullopt;
    }
    const std::int64_t number = value.getInteger();
    const Range range = rangeOf(type);
    if (number >= range.least && (number < 0 || static_cast<std::uint64_t>(number) <= range.most))
      return Scalar{.value = number};
    fail(value, "out-of-range",
         "'" + full(path) + "' is " + std::to_string(number) + ", but must be from " +
             std::to_string(range.least) + " to " + std::to_string(range.most),
         "", path);
    return std::nullopt;
  }

  std::optional<Scalar> decodeDuration(Setting value, Type::Which type, const FieldTraits& traits,
                                       const std::string& path) {
    const std::string text = textOf(value.getText());
    const auto nanoseconds = parseDuration(text);
    if (!nanoseconds) {
      fail(value, "bad-duration", "'" + full(path) + "' is \"" + text + "\", which is no duration",
           "write it as \"1m30s\" or \"500ms\"", path);
      return std::nullopt;
    }
    if (*nanoseconds % traits.durationUnitNs != 0) {
      fail(value, "bad-duration",
           "'" + full(path) + "' is \"" + text + "\", which is finer than its unit, " +
               durationText(traits.durationUnitNs),
           "", path);
      return std::nullopt;
    }
    return inRange(value, static_cast<std::uint64_t>(*nanoseconds / traits.durationUnitNs), type, text, path);
  }

  std::optional<Scalar> decodeSize(Setting value, Type::Which type, const std::string& path) {
    const std::string text = textOf(value.getText());
    const auto bytes = parseSize(text);
    if (bytes) return inRange(value, *bytes, type, text, path);
    fail(value, "bad-size", "'" + full(path) + "' is \"" + text + "\", which is no size",
         "write it as \"512MiB\" or \"2GB\"", path);
    return std::nullopt;
  }

  std::optional<Scalar> inRange(Setting value, std::uint64_t number, Type::Which type,
                                const std::string& text, const std::string& path) {
    if (number <= rangeOf(type).most) return Scalar{.value = number};
    fail(value, "out-of-range", "'" + full(path) + "' is \"" + text + "\", which is too large", "", path);
    return std::nullopt;
  }

  std::optional<Scalar> decodeEnum(Setting value, capnp::EnumSchema schema, const std::string& path) {
    if (!value.isText()) {
      wrongType(value, "a string", path);
      return std::nullopt;
    }
    const std::string written = textOf(value.getText());
    std::vector<std::string> names;
    for (auto enumerant : schema.getEnumerants()) {
      const std::string name = enumerant.getProto().getName().cStr();
      if (written == name || written == kebabCase(name) || written == snakeCase(name)) {
        return Scalar{.value = capnp::DynamicEnum(enumerant)};
      }
      names.push_back(kebabCase(name));
    }
    fail(
        value, "unknown-choice", "'" + full(path) + "' can't be \"" + written + "\"",
        nearestName(written, names).empty() ? "choose one of: " + joinNames(names) : nameHint(written, names),
        path);
    return std::nullopt;
  }

  const DecodeOptions& options_;
};

}  // namespace

Result<DecodedSettings, Errors> decodeSettings(wire::Setting::Reader table, capnp::StructSchema schema,
                                               const DecodeOptions& options) {
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<capnp::DynamicStruct>(schema);
  Decoder decoder(options);
  decoder.decodeTable(table, root, "");
  std::stable_sort(decoder.errors.begin(), decoder.errors.end(), [](const Error& a, const Error& b) {
    return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
  });
  if (!decoder.errors.empty()) return std::move(decoder.errors);
  decoder.decoded.words = capnp::AnyStruct::Reader(root.asReader()).canonicalize();
  return std::move(decoder.decoded);
}

}  // namespace cairn::host
