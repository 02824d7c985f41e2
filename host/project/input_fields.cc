#include "host/project/input_fields.h"

#include "host/project/expression.h"
#include "host/project/expression_check.h"
#include "host/project/near_names.h"
#include "host/project/settings_schema.h"

#include <algorithm>
#include <optional>

namespace cairn::host {
namespace {

using capnp::schema::Type;
using Field = capnp::StructSchema::Field;

std::optional<Field> fieldNamed(capnp::StructSchema schema, const std::string& name) {
  for (auto field : schema.getFields()) {
    if (fieldTraits(field).name == name) return field;
  }
  return std::nullopt;
}

std::vector<std::string> fieldNames(capnp::StructSchema schema) {
  std::vector<std::string> out;
  for (auto field : schema.getFields()) out.push_back(fieldTraits(field).name);
  return out;
}

enum class Shape { Nothing, Bool, Whole, Number, Text, List, Table, Other };

Shape shapeOf(capnp::Type type) {
  const auto which = type.which();
  if (which >= Type::INT8 && which <= Type::UINT64) return Shape::Whole;
  switch (which) {
    case Type::VOID:
      return Shape::Nothing;
    case Type::BOOL:
      return Shape::Bool;
    case Type::FLOAT32:
    case Type::FLOAT64:
      return Shape::Number;
    case Type::TEXT:
    case Type::DATA:
    case Type::ENUM:
      return Shape::Text;
    case Type::LIST:
      return Shape::List;
    case Type::STRUCT:
      return Shape::Table;
    default:
      return Shape::Other;
  }
}

const char* shapeName(Shape shape) {
  static constexpr const char* kNames[] = {"nothing",  "a bool", "a whole number", "a number",
                                           "a string", "a list", "a table",        "of another kind"};
  return kNames[static_cast<int>(shape)];
}

bool fits(Shape value, Shape wanted) {
  return value == wanted || (value == Shape::Whole && wanted == Shape::Number) || value == Shape::Other ||
         wanted == Shape::Other;
}

class InputFields {
 public:
  InputFields(const MapperDeclaration& mapper, const std::vector<capnp::StructSchema>& inputs,
              const std::string* source)
      : mapper_(mapper), inputs_(inputs), source_(source) {}

  // A string of `run`, or of `set` where the output's field has `wanted`.
  void checkText(const SettingsNode& node, const std::string& path, std::optional<Field> wanted) {
    if (node.text() == nullptr || !holdsExpression(*node.text())) return;
    auto parsed = parseText(*node.text());
    if (!parsed) return;  // told when the file was read
    for (const TextPart& part : parsed->parts) {
      if (!part.isExpression) continue;
      auto type = typeOf(part.expression);
      if (!type) {
        errors.push_back(errorOf(type.error(), node, path, source_));
      } else if (*type && wanted && parsed->isWhole()) {
        checkFit(**type, *wanted, node, path);
      }
    }
  }

  void checkTable(const SettingsNode& table, const std::string& path, capnp::StructSchema output) {
    for (const SettingsEntry& entry : *table.table()) {
      const std::string entryPath = path + "." + entry.name;
      const auto field = fieldNamed(output, entry.name);
      const bool nested = field && field->getType().isStruct() && entry.value.table() != nullptr;
      if (nested) {
        checkTable(entry.value, entryPath, field->getType().asStruct());
      } else if (entry.value.text() != nullptr) {
        checkText(entry.value, entryPath, field);
      } else {
        forEachText(entry.value, entryPath, [this](const SettingsNode& text, const std::string& textPath) {
          checkText(text, textPath, std::nullopt);
        });
      }
    }
  }

  Errors errors;

 private:
  using MaybeType = std::optional<capnp::Type>;

  // None where the schemas don't tell. A fault where a field isn't there.
  Result<MaybeType, Fault> typeOf(const Expression& expression) {
    using Kind = Expression::Kind;
    if (isInput(expression)) return mapper_.inputs[0].role.empty() ? MaybeType(inputs_[0]) : std::nullopt;
    if (expression.kind == Kind::Member) {
      if (isInput(expression.children[0]) && !mapper_.inputs[0].role.empty()) return inputOf(expression.name);
      auto base = typeOf(expression.children[0]);
      if (!base || !*base) return base;
      return memberOf(**base, expression);
    }
    for (const Expression& child : expression.children) {
      auto type = typeOf(child);
      if (!type) return type;
      const bool element =
          expression.kind == Kind::Index && &child == &expression.children[0] && *type && (*type)->isList();
      if (element) return MaybeType((*type)->asList().getElementType());
    }
    return MaybeType();
  }

  static bool isInput(const Expression& expression) {
    return expression.kind == Expression::Kind::Name && expression.name == "input";
  }

  MaybeType inputOf(const std::string& role) const {
    for (std::size_t i = 0; i < mapper_.inputs.size(); ++i) {
      if (mapper_.inputs[i].role == role) return inputs_[i];
    }
    return std::nullopt;
  }

  static Result<MaybeType, Fault> memberOf(capnp::Type type, const Expression& member) {
    if (!type.isStruct()) {
      return Fault{.offset = member.offset,
                   .message = "'" + member.name + "' is asked of what is " + shapeName(shapeOf(type)) +
                              ", which has no parts",
                   .code = "unknown-field"};
    }
    if (auto field = fieldNamed(type.asStruct(), member.name)) return MaybeType(field->getType());
    auto name = type.asStruct().getShortDisplayName();
    return Fault{.offset = member.offset,
                 .message = std::string(name.cStr()) + " has no field '" + member.name + "'",
                 .hint = nameHint(member.name, fieldNames(type.asStruct())),
                 .code = "unknown-field"};
  }

  void checkFit(capnp::Type type, Field wanted, const SettingsNode& node, const std::string& path) {
    const FieldTraits traits = fieldTraits(wanted);
    const Shape shape = shapeOf(type), field = shapeOf(wanted.getType());
    if (traits.json || traits.map || fits(shape, field)) return;
    errors.push_back(
        {.kind = ErrorKind::Config,
         .code = "wrong-type",
         .message = "'" + path + "' is " + shapeName(shape) + " by its input, but " + shapeName(field) +
                    " is wanted",
         .hint = shape == Shape::Whole && field == Shape::Text ? "make it text: ${string(…)}" : "",
         .position = node.position,
         .settingPath = path});
  }

  const MapperDeclaration& mapper_;
  const std::vector<capnp::StructSchema>& inputs_;
  const std::string* source_;
};

}  // namespace

Errors checkInputFields(const MapperDeclaration& mapper, const std::vector<capnp::StructSchema>& inputs,
                        capnp::StructSchema output, const std::string* source) {
  InputFields fields(mapper, inputs, source);
  for (const SettingsNode& word : mapper.run) fields.checkText(word, mapper.path() + ".run", std::nullopt);
  if (mapper.kind == MapperKind::Set) fields.checkTable(mapper.set, mapper.path() + ".set", output);
  return std::move(fields.errors);
}

}  // namespace cairn::host
