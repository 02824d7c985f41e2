#include "host/project/decode_settings.h"

#include "host/project/decode_scalar.h"
#include "host/project/resolve_settings.h"
#include "host/project/setting_mistakes.h"
#include "host/project/setting_parts.h"
#include "host/project/settings_schema.h"

#include <capnp/any.h>
#include <capnp/message.h>

#include <algorithm>

namespace cairn::host {
namespace {

using capnp::schema::Type;
using Setting = wire::Setting::Reader;

class Decoder {
 public:
  Decoder(const DecodeOptions& options, capnp::StructSchema root)
      : mistakes(options, root), options_(options), scalars_(options, mistakes) {}

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
        mistakes.unknownKey(entry.getValue(), name, fieldPath, path, traits);
        continue;
      }
      if (entry.getValue().isNull()) continue;  // an expression that chose to leave it out
      const auto index = static_cast<unsigned>(found - traits.begin());
      auto field = schema.getFields()[index];
      const bool isMember = field.getProto().getDiscriminantValue() != 0xffff;
      if (isMember && !unionMember.empty() && unionMember != name) {
        mistakes.twoMembers(entry.getValue(), unionMember, name, fieldPath);
        continue;
      }
      if (isMember) unionMember = name;
      written[index] = true;
      if (found->required && isEmpty(entry.getValue())) mistakes.empty(entry.getValue(), fieldPath, *found);
      decodeField(entry.getValue(), field, *found, out, fieldPath);
    }
    for (std::size_t i = 0; i < traits.size(); ++i) {
      if (traits[i].required && !written[i]) mistakes.missing(table, path, traits[i]);
    }
  }

  SettingMistakes mistakes;
  DecodedSettings decoded;

 private:
  using Field = capnp::StructSchema::Field;

  void decodeField(Setting value, Field field, const FieldTraits& traits, capnp::DynamicStruct::Builder out,
                   const std::string& path) {
    decoded.written.push_back(path);
    if (!traits.deprecated.empty()) decoded.warnings.push_back(mistakes.deprecated(value, traits, path));
    const Surroundings outer = surroundings_;
    surroundings_.maySecret |= traits.secret || traits.mayHoldSecret;
    surroundings_.isSecret |= value.getSecret();
    decodeValue(value, field, traits, out, path);
    surroundings_ = outer;
  }

  void decodeValue(Setting value, Field field, const FieldTraits& traits, capnp::DynamicStruct::Builder out,
                   const std::string& path) {
    const bool hasParts = isTree(field, traits) && (value.isTable() || value.isList());
    const bool holdsSecret = !hasParts && isSecret(value);
    if (holdsSecret && !surroundings_.maySecret) return mistakes.secret(value, path);
    const bool secret = traits.secret || holdsSecret;
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
        if (auto scalar = scalars_.decode(value, field.getType(), traits, path))
          out.set(field, scalar->reader());
    }
  }

  static bool isEmpty(Setting value) {
    if (value.getSecret()) return false;  // it may have been left out
    return (value.isText() && value.getText().size() == 0) || (value.isList() && value.getList().size() == 0);
  }

  // An expression that is a whole table or list has the mark, and not each of its parts.
  bool isSecret(Setting value) const { return surroundings_.isSecret || holdsSecrets(value); }

  // Its parts are asked for secrets one by one.
  static bool isTree(Field field, const FieldTraits& traits) {
    if (traits.json) return false;
    const auto type = field.getType();
    return type.isStruct() || (type.isList() && type.asList().getElementType().isStruct());
  }

  void unknown(Setting value, const std::string& path) {
    if (options_.mayBeUnknown)
      decoded.unknown.push_back(path);
    else
      mistakes.add(value, "bad-expression", "'" + mistakes.full(path) + "' is not known yet", "", path);
  }

  void decodeJson(Setting value, Field field, capnp::DynamicStruct::Builder out, const std::string& path) {
    if (holdsExpressions(value)) return unknown(value, path);
    const std::string json = toJson(readDatum(value));
    out.set(field, capnp::Text::Reader(json.c_str(), json.size()));
  }

  void decodeStruct(Setting value, Field field, capnp::DynamicStruct::Builder out, const std::string& path) {
    // Of a union, a member without settings of its own may be named by a plain string.
    if (value.isText() && chooseVoid(value, out.init(field).as<capnp::DynamicStruct>(), path)) return;
    if (!value.isTable()) return mistakes.wrongType(value, "a table", path);
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
    if (!value.isTable()) return mistakes.wrongType(value, "a table", path);
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
    if (!value.isList()) return mistakes.wrongType(value, listName(field.getType().asList()), path);
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
        if (type.isStruct() && items[i].getSecret() && !surroundings_.maySecret)
          mistakes.secret(items[i], itemPath);
        else
          unknown(items[i], itemPath);
      } else if (type.isStruct()) {
        if (items[i].isTable())
          decodeItem(items[i], list[i].as<capnp::DynamicStruct>(), itemPath);
        else
          mistakes.wrongType(items[i], "a table", itemPath);
      } else if (type.isList()) {
        if (items[i].isList())
          fillList(items[i], list.init(i, items[i].getList().size()).as<capnp::DynamicList>(), traits,
                   itemPath);
        else
          mistakes.wrongType(items[i], "a list", itemPath);
      } else if (auto scalar = scalars_.decode(items[i], type, traits, itemPath)) {
        list.set(i, scalar->reader());
      }
    }
  }

  void decodeItem(Setting value, capnp::DynamicStruct::Builder out, const std::string& path) {
    const Surroundings outer = surroundings_;
    surroundings_.isSecret |= value.getSecret();
    decodeTable(value, out, path);
    surroundings_ = outer;
  }

  // What the settings above one say of all that is in them.
  struct Surroundings {
    bool maySecret = false;
    bool isSecret = false;
  };

  const DecodeOptions& options_;
  ScalarDecoder scalars_;
  Surroundings surroundings_;
};

}  // namespace

Result<DecodedSettings, Errors> decodeSettings(wire::Setting::Reader table, capnp::StructSchema schema,
                                               const DecodeOptions& options) {
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<capnp::DynamicStruct>(schema);
  Decoder decoder(options, schema);
  decoder.decodeTable(table, root, "");
  if (auto errors = decoder.mistakes.take(); !errors.empty()) return errors;
  decoder.decoded.words = capnp::AnyStruct::Reader(root.asReader()).canonicalize();
  return std::move(decoder.decoded);
}

}  // namespace cairn::host
