#include "host/project/expression_essence.h"

#include "host/project/evaluate.h"

namespace cairn::host {
namespace {

// Told apart from its neighbours by its length.
std::string piece(const std::string& text) {
  return std::to_string(text.size()) + ":" + text;
}

class Essence {
 public:
  explicit Essence(const Scope& scope) : scope_(scope) {}

  std::string ofNode(const SettingsNode& node) const {
    std::string out;
    if (const auto* table = node.table()) {
      out = "{";
      for (const SettingsEntry& entry : *table) out += piece(entry.name) + ofNode(entry.value);
      return out + "}";
    }
    if (const auto* list = node.list()) {
      out = "[";
      for (const SettingsNode& item : *list) out += ofNode(item);
      return out + "]";
    }
    if (node.text() != nullptr && holdsExpression(*node.text())) return ofText(*node.text());
    return piece(toJson(datumOf(node)));
  }

 private:
  std::string ofText(const std::string& text) const {
    auto parsed = parseText(text);
    if (!parsed) return "!" + piece(text);
    std::string out = "$";
    for (const TextPart& part : parsed->parts)
      out += part.isExpression ? of(part.expression) : piece(part.text);
    return out;
  }

  std::string of(const Expression& expression) const {
    auto worth = evaluateExpression(expression, scope_);
    if (worth && worth->fullyKnown() && !worth->holdsSecret()) return "=" + piece(toJson(*worth));
    if (worth && expression.kind == Expression::Kind::Name) return piece(expression.name) + ofParts(*worth);
    std::string out = "(" + std::to_string(static_cast<int>(expression.kind)) + piece(expression.name);
    for (const std::string& key : expression.keys) out += piece(key);
    // A template that needs more than is known: its text is.
    if (expression.kind == Expression::Kind::Call && expression.name == "template") {
      Expression file = expression;
      file.name = "file";
      file.children.resize(1);
      out += of(file);
    }
    // Of `var` and `env` one part is asked for, not what all of it is worth.
    const bool isPart =
        expression.kind == Expression::Kind::Member && expression.children[0].kind == Expression::Kind::Name;
    if (isPart) return out + piece(expression.children[0].name) + ")";
    for (const Expression& child : expression.children) out += of(child);
    return out + ")";
  }

  std::string ofParts(const Datum& datum) const {
    if (datum.secret || !datum.fullyKnown()) return "?";
    if (!datum.holdsSecret()) return "=" + piece(toJson(datum));
    std::string out = "{";
    if (const auto* list = datum.list()) {
      for (const Datum& item : *list) out += ofParts(item);
    } else if (const auto* map = datum.map()) {
      for (const auto& [name, value] : *map) out += piece(name) + ofParts(value);
    }
    return out + "}";
  }

  const Scope& scope_;
};

}  // namespace

std::string essenceOfNode(const SettingsNode& node, const Scope& scope) {
  return Essence(scope).ofNode(node);
}

}  // namespace cairn::host
