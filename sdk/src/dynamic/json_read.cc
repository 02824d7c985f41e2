#include "sdk/src/dynamic/base64.h"

#include <cairn/base/near_names.h>
#include <cairn/dynamic/json.h>

#include <capnp/serialize.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace cairn {
namespace {

using Json = nlohmann::json;

Error jsonError(std::string code, std::string message, const std::string& path) {
  return {
      .kind = ErrorKind::Config, .code = std::move(code), .message = std::move(message), .settingPath = path};
}

const char* kindOf(capnp::Type type) {
  if (type.isVoid()) return "null";
  if (type.isBool()) return "true or false";
  if (type.isText()) return "a string";
  if (type.isData()) return "base64 in a string";
  if (type.isList()) return "a list";
  if (type.isStruct()) return "an object";
  if (type.isEnum()) return "the name of a choice";
  if (type.isAnyPointer()) return "base64 of a message";
  if (type.isFloat32() || type.isFloat64()) return "a number";
  return "a whole number";
}

std::pair<std::int64_t, std::uint64_t> rangeOf(capnp::Type type) {
  using L = std::numeric_limits<std::int64_t>;
  switch (type.which()) {
    case capnp::schema::Type::INT8:
      return {INT8_MIN, INT8_MAX};
    case capnp::schema::Type::INT16:
      return {INT16_MIN, INT16_MAX};
    case capnp::schema::Type::INT32:
      return {INT32_MIN, INT32_MAX};
    case capnp::schema::Type::INT64:
      return {L::min(), static_cast<std::uint64_t>(L::max())};
    case capnp::schema::Type::UINT8:
      return {0, UINT8_MAX};
    case capnp::schema::Type::UINT16:
      return {0, UINT16_MAX};
    case capnp::schema::Type::UINT32:
      return {0, UINT32_MAX};
    default:
      return {0, UINT64_MAX};
  }
}

// A whole number, in JSON's way or in a string, where neither sign nor size is lost.
struct Whole {
  bool negative = false;
  std::uint64_t magnitude = 0;  // of the number itself, or of minus it
};

std::optional<Whole> wholeOf(const Json& value) {
  if (value.is_number_unsigned()) return Whole{false, value.get<std::uint64_t>()};
  if (value.is_number_integer())
    return Whole{true, 0 - static_cast<std::uint64_t>(value.get<std::int64_t>())};
  if (!value.is_string()) return std::nullopt;
  auto& text = value.get_ref<const std::string&>();
  Whole whole{text.starts_with('-'), 0};
  auto end = text.data() + text.size();
  auto parsed = std::from_chars(text.data() + whole.negative, end, whole.magnitude);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return whole;
}

std::optional<double> realOf(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (value == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (value == "Infinity") return std::numeric_limits<double>::infinity();
  if (value == "-Infinity") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

std::string fieldHint(const std::string& wrong, capnp::StructSchema type) {
  std::vector<std::string> names;
  std::string all;
  for (auto field : type.getFields()) {
    names.push_back(field.getProto().getName().cStr());
    all += (all.empty() ? "" : ", ") + names.back();
  }
  const std::string near = nearNameHint(wrong, names);
  return !near.empty() ? near : all.empty() ? "it has no fields" : "its fields: " + all;
}

// Walks JSON and schema side by side; the path is where it is.
class Reader {
 public:
  Result<void> object(const Json& from, capnp::DynamicStruct::Builder out, const std::string& path) {
    if (!from.is_object()) return wrongType("an object", path);
    std::string chosen;
    for (auto& [key, value] : from.items()) {
      auto at = path.empty() ? key : path + "." + key;
      KJ_IF_MAYBE (field, out.getSchema().findFieldByName(key.c_str())) {
        CAIRN_TRY(checkUnion(*field, key, chosen, at));
        CAIRN_TRY(member(value, out, *field, at));
      } else {
        Error error = jsonError("json-unknown-field", "there is no field " + key, at);
        error.hint = fieldHint(key, out.getSchema());
        return error;
      }
    }
    return {};
  }

 private:
  static Error wrongType(const std::string& expected, const std::string& path) {
    return jsonError("json-wrong-type", "expected " + expected, path);
  }

  static Result<void> checkUnion(capnp::StructSchema::Field field, const std::string& key,
                                 std::string& chosen, const std::string& path) {
    bool isMember = field.getProto().getDiscriminantValue() != capnp::schema::Field::NO_DISCRIMINANT;
    if (!isMember) return {};
    if (!chosen.empty()) {
      return jsonError("json-two-members", "only one of " + chosen + " and " + key + " may be given", path);
    }
    chosen = key;
    return {};
  }

  Result<void> member(const Json& from, capnp::DynamicStruct::Builder out, capnp::StructSchema::Field field,
                      const std::string& path) {
    auto type = field.getType();
    if (from.is_null() && !type.isVoid()) {
      out.clear(field);  // "as if nobody had set it"; of a union it still chooses the member
      return {};
    }
    if (type.isStruct()) return object(from, out.init(field).as<capnp::DynamicStruct>(), path);
    if (type.isList()) {
      if (!from.is_array()) return wrongType("a list", path);
      return list(from, out.init(field, from.size()).as<capnp::DynamicList>(), path);
    }
    if (type.isAnyPointer()) {
      return pointer(
          from, [&](capnp::AnyPointer::Reader value) { out.set(field, value); }, path);
    }
    return plain(
        from, type, [&](capnp::DynamicValue::Reader value) { out.set(field, value); }, path);
  }

  Result<void> list(const Json& from, capnp::DynamicList::Builder out, const std::string& path) {
    auto type = out.getSchema().getElementType();
    for (unsigned i = 0; i < from.size(); ++i) {
      auto at = path + "[" + std::to_string(i) + "]";
      auto& value = from[i];
      if (type.isStruct()) {
        CAIRN_TRY(object(value, out[i].as<capnp::DynamicStruct>(), at));
      } else if (type.isList()) {
        if (!value.is_array()) return wrongType("a list", at);
        CAIRN_TRY(list(value, out.init(i, value.size()).as<capnp::DynamicList>(), at));
      } else {
        CAIRN_TRY(plain(
            value, type, [&](capnp::DynamicValue::Reader element) { out.set(i, element); }, at));
      }
    }
    return {};
  }

  // Everything that is neither made of parts nor a bare pointer; `set` is called where the value fits.
  template <typename Set>
  Result<void> plain(const Json& from, capnp::Type type, Set set, const std::string& path) {
    if (type.isVoid() && from.is_null()) return set(capnp::VOID), Result<void>();
    if (type.isBool() && from.is_boolean()) return set(from.get<bool>()), Result<void>();
    if (type.isText() && from.is_string()) return set(textOf(from)), Result<void>();
    if (type.isData() && from.is_string()) return data(from, set, path);
    if (type.isEnum()) return enumerant(from, type.asEnum(), set, path);
    if (type.isFloat32() || type.isFloat64()) {
      if (auto real = realOf(from)) return set(*real), Result<void>();
    } else if (isWhole(type)) {
      return whole(from, type, set, path);
    }
    return wrongType(kindOf(type), path);
  }
  static bool isWhole(capnp::Type type) {
    return type.which() >= capnp::schema::Type::INT8 && type.which() <= capnp::schema::Type::UINT64;
  }

  template <typename Set>
  Result<void> whole(const Json& from, capnp::Type type, Set set, const std::string& path) {
    auto number = wholeOf(from);
    if (!number) return wrongType("a whole number", path);
    auto [low, high] = rangeOf(type);
    if (number->negative ? number->magnitude > 0 - static_cast<std::uint64_t>(low)
                         : number->magnitude > high) {
      return jsonError("json-out-of-range",
                       "expected a number from " + std::to_string(low) + " to " + std::to_string(high), path);
    }
    if (number->negative)
      set(static_cast<std::int64_t>(0 - number->magnitude));
    else
      set(number->magnitude);
    return {};
  }
  template <typename Set>
  Result<void> enumerant(const Json& from, capnp::EnumSchema schema, Set set, const std::string& path) {
    if (from.is_string()) {
      KJ_IF_MAYBE (known, schema.findEnumerantByName(textOf(from))) {
        return set(capnp::DynamicEnum(*known)), Result<void>();
      }
      std::string names;
      for (auto known : schema.getEnumerants())
        names.append(names.empty() ? "" : ", ").append(known.getProto().getName().cStr());
      return jsonError("json-wrong-type", "expected one of " + names, path);
    }
    if (from.is_number_unsigned() && from.get<std::uint64_t>() <= UINT16_MAX) {
      return set(capnp::DynamicEnum(schema, from.get<std::uint16_t>())), Result<void>();
    }
    return wrongType(kindOf(schema), path);
  }
  template <typename Set>
  Result<void> data(const Json& from, Set set, const std::string& path) {
    auto bytes = detail::fromBase64(from.get_ref<const std::string&>());
    if (!bytes) return wrongType("base64 in a string", path);
    set(capnp::Data::Reader(reinterpret_cast<const kj::byte*>(bytes->data()), bytes->size()));
    return {};
  }
  template <typename Set>
  Result<void> pointer(const Json& from, Set set, const std::string& path) {
    auto bytes = from.is_string() ? detail::fromBase64(from.get_ref<const std::string&>()) : std::nullopt;
    if (!bytes || bytes->size() % sizeof(capnp::word) != 0) return wrongType("base64 of a message", path);
    auto words = kj::heapArray<capnp::word>(bytes->size() / sizeof(capnp::word));
    std::copy(bytes->begin(), bytes->end(), words.asBytes().begin());
    auto failure = kj::runCatchingExceptions([&] {
      capnp::FlatArrayMessageReader message(words);
      set(message.getRoot<capnp::AnyPointer>());
    });
    if (failure != nullptr) return wrongType("base64 of a message", path);
    return {};
  }

  static capnp::Text::Reader textOf(const Json& value) {
    auto& text = value.get_ref<const std::string&>();
    return {text.c_str(), text.size()};
  }
};

// The library's text without its own error numbers.
std::string reason(const char* what) {
  std::string text = what;
  auto end = text.find("] ");
  return end == text.npos ? text : text.substr(end + 2);
}

}  // namespace

DynamicValueHolder::DynamicValueHolder(capnp::StructSchema schema)
    : message_(std::make_unique<capnp::MallocMessageBuilder>()),
      root_(message_->initRoot<capnp::DynamicStruct>(schema)) {}

Result<DynamicValueHolder> fromJson(std::string_view text, capnp::StructSchema schema) {
  Json parsed;
  try {
    parsed = Json::parse(text);
  } catch (const Json::exception& exception) {
    return jsonError("json-syntax", "not JSON: " + reason(exception.what()), "");
  }
  DynamicValueHolder holder(schema);
  CAIRN_TRY(Reader().object(parsed, holder.builder(), ""));
  return holder;
}

}  // namespace cairn
