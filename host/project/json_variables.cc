#include "host/project/json_variables.h"

#include "host/project/datum.h"

#include <algorithm>
#include <optional>

namespace cairn::host {
namespace {

SourcePosition placeOf(std::size_t byte, std::string_view text, const std::string& file) {
  const std::string_view before = text.substr(0, std::min(byte > 0 ? byte - 1 : 0, text.size()));
  const std::size_t lineStart = before.rfind('\n') + 1;  // 0 where there is none
  return {file, static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(before.size() - lineStart) + 1};
}

Error wrong(const std::string& file, std::string message) {
  return {.kind = ErrorKind::Config,
          .code = "wrong-type",
          .message = file + ": " + std::move(message),
          .hint = "write one object, a key for each variable: {\"NAME\": \"value\"}"};
}

// The node; none where a null is in it, whose name is then in `null`.
std::optional<SettingsNode> nodeOf(const Datum& datum, const std::string& name, std::string& null) {
  SettingsNode node;
  if (const auto* map = datum.map()) {
    for (const auto& [key, item] : *map) {
      auto child = nodeOf(item, name.empty() ? key : name + "." + key, null);
      if (!child) return std::nullopt;
      node.set(key, std::move(*child));
    }
  } else if (const auto* list = datum.list()) {
    SettingsNode::List children;
    for (std::size_t i = 0; i < list->size(); ++i) {
      auto child = nodeOf((*list)[i], name + "[" + std::to_string(i) + "]", null);
      if (!child) return std::nullopt;
      children.push_back(std::move(*child));
    }
    node.value = std::move(children);
  } else if (const auto* text = datum.text()) {
    node.value = *text;
  } else if (const auto* flag = std::get_if<bool>(&datum.value)) {
    node.value = *flag;
  } else if (const auto* whole = std::get_if<std::int64_t>(&datum.value)) {
    node.value = *whole;
  } else if (const auto* number = std::get_if<double>(&datum.value)) {
    node.value = *number;
  } else {
    null = name;
    return std::nullopt;
  }
  return node;
}

}  // namespace

Result<SettingsNode> readJsonVariables(std::string_view text, const std::string& file) {
  Datum datum;
  if (auto problem = parseJson(text, datum)) {
    Error error{.kind = ErrorKind::Config, .code = "json-syntax"};
    if (problem->byte) {
      error.message = std::move(problem->why);
      error.hint = "a file whose name doesn't end in .json is read as TOML";
      error.position = placeOf(*problem->byte, text, file);
    } else {
      error.message = file + ": " + problem->why;
    }
    return error;
  }
  if (datum.map() == nullptr)
    return wrong(file, "the variables must be an object, not " + std::string(datum.kindName()));
  std::string null;
  auto node = nodeOf(datum, "", null);
  if (!node) return wrong(file, "'" + null + "' is null, which no variable can be");
  return std::move(*node);
}

}  // namespace cairn::host
