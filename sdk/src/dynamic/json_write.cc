#include "sdk/src/dynamic/base64.h"

#include <cairn/dynamic/json.h>

#include <capnp/any.h>
#include <capnp/serialize.h>

#include <charconv>
#include <cmath>

namespace cairn {
namespace {

constexpr std::int64_t kExactInDouble = std::int64_t{1} << 53;

class Writer {
 public:
  explicit Writer(JsonLayout layout) : layout_(layout) {}

  void object(capnp::DynamicStruct::Reader value) {
    open('{');
    for (auto field : value.getSchema().getNonUnionFields()) member(value, field);
    KJ_IF_MAYBE (chosen, value.which()) unionMember(value, *chosen);
    close('}');
  }
  std::string take() && { return std::move(out_); }

 private:
  // Whether a field of a plain number, bool or enum stands as if nobody had set it.
  static bool isUnset(capnp::DynamicStruct::Reader value, capnp::StructSchema::Field field) {
    return !value.has(field, capnp::HasMode::NON_DEFAULT);
  }

  void member(capnp::DynamicStruct::Reader value, capnp::StructSchema::Field field) {
    if (!value.has(field)) return;
    if (!layout_.defaults && isUnset(value, field)) return;
    write(value, field);
  }
  // Which member is set is said even where its value is the default: it is the information.
  void unionMember(capnp::DynamicStruct::Reader value, capnp::StructSchema::Field field) {
    bool nothing = !value.has(field) || (!layout_.defaults && isUnset(value, field));
    bool isDefaultMember = field.getProto().getDiscriminantValue() == 0;
    if (nothing && isDefaultMember && !layout_.defaults) return;
    if (value.has(field)) {
      write(value, field);
    } else {
      name(field);
      out_ += "null";
    }
  }

  void write(capnp::DynamicStruct::Reader value, capnp::StructSchema::Field field) {
    name(field);
    any(value.get(field), field.getType());
  }
  void name(capnp::StructSchema::Field field) {
    next();
    text({field.getProto().getName().begin(), field.getProto().getName().size()});
    out_ += layout_.indent ? ": " : ":";
  }

  void any(capnp::DynamicValue::Reader value, capnp::Type type) {
    switch (value.getType()) {
      case capnp::DynamicValue::VOID:
        out_ += "null";
        break;
      case capnp::DynamicValue::BOOL:
        out_ += value.as<bool>() ? "true" : "false";
        break;
      case capnp::DynamicValue::INT:
        integer(value.as<std::int64_t>());
        break;
      case capnp::DynamicValue::UINT:
        natural(value.as<std::uint64_t>());
        break;
      case capnp::DynamicValue::FLOAT:
        real(value, type.isFloat32());
        break;
      case capnp::DynamicValue::TEXT:
        text(view(value.as<capnp::Text>()));
        break;
      case capnp::DynamicValue::DATA:
        data(value.as<capnp::Data>());
        break;
      case capnp::DynamicValue::LIST:
        list(value.as<capnp::DynamicList>());
        break;
      case capnp::DynamicValue::ENUM:
        enumerant(value.as<capnp::DynamicEnum>());
        break;
      case capnp::DynamicValue::STRUCT:
        object(value.as<capnp::DynamicStruct>());
        break;
      case capnp::DynamicValue::ANY_POINTER:
        pointer(value.as<capnp::AnyPointer>());
        break;
      case capnp::DynamicValue::CAPABILITY:
      case capnp::DynamicValue::UNKNOWN:
        out_ += "null";
        break;
    }
  }

  void list(capnp::DynamicList::Reader values) {
    open('[');
    for (auto value : values) {
      next();
      any(value, values.getSchema().getElementType());
    }
    close(']');
  }
  void enumerant(capnp::DynamicEnum value) {
    KJ_IF_MAYBE (known, value.getEnumerant()) {
      text(view(known->getProto().getName()));
    } else {
      natural(value.getRaw());
    }
  }
  void integer(std::int64_t value) {
    bool exact = -kExactInDouble <= value && value <= kExactInDouble;
    out_ += exact ? std::to_string(value) : '"' + std::to_string(value) + '"';
  }
  void natural(std::uint64_t value) {
    bool exact = value <= static_cast<std::uint64_t>(kExactInDouble);
    out_ += exact ? std::to_string(value) : '"' + std::to_string(value) + '"';
  }
  void real(capnp::DynamicValue::Reader value, bool single) {
    double number = value.as<double>();
    if (std::isnan(number)) return text("NaN");
    if (std::isinf(number)) return text(number < 0 ? "-Infinity" : "Infinity");
    char digits[32];
    auto end = single ? std::to_chars(digits, digits + sizeof digits, value.as<float>())
                      : std::to_chars(digits, digits + sizeof digits, number);
    out_.append(digits, end.ptr);
  }
  void data(capnp::Data::Reader bytes) { out_ += '"' + detail::toBase64(bytes.begin(), bytes.size()) + '"'; }
  void pointer(capnp::AnyPointer::Reader value) {
    if (value.isNull()) {
      out_ += "null";
      return;
    }
    capnp::MallocMessageBuilder message;
    message.setRoot(value);
    auto bytes = capnp::messageToFlatArray(message);
    data(bytes.asBytes());
  }

  static std::string_view view(kj::StringPtr text) { return {text.begin(), text.size()}; }
  void text(std::string_view value) {
    out_ += '"';
    for (char c : value) {
      switch (c) {
        case '"':
          out_ += "\\\"";
          break;
        case '\\':
          out_ += "\\\\";
          break;
        case '\n':
          out_ += "\\n";
          break;
        case '\r':
          out_ += "\\r";
          break;
        case '\t':
          out_ += "\\t";
          break;
        default:
          control(c);
      }
    }
    out_ += '"';
  }
  void control(char c) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      out_ += c;
      return;
    }
    static constexpr char digits[] = "0123456789abcdef";
    out_ += "\\u00";
    out_ += digits[(c >> 4) & 15];
    out_ += digits[c & 15];
  }

  void open(char bracket) {
    out_ += bracket;
    ++depth_;
    first_ = true;
  }
  void next() {
    if (!first_) out_ += ',';
    first_ = false;
    newLine();
  }
  void close(char bracket) {
    --depth_;
    if (!first_) newLine();
    first_ = false;
    out_ += bracket;
  }
  void newLine() {
    if (layout_.indent) out_.append(1, '\n').append(depth_ * 2, ' ');
  }

  JsonLayout layout_;
  std::string out_;
  std::size_t depth_ = 0;
  bool first_ = true;  // nothing stands yet in the innermost bracket
};

}  // namespace

std::string toJson(capnp::DynamicStruct::Reader value, JsonLayout layout) {
  Writer writer(layout);
  writer.object(value);
  return std::move(writer).take();
}

}  // namespace cairn
