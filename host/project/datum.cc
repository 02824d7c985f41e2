#include "host/project/datum.h"

#include "host/project/settings_node.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace cairn::host {
namespace {

nlohmann::json jsonOf(const Datum& datum) {
  struct Visitor {
    nlohmann::json operator()(std::nullptr_t) const { return nullptr; }
    nlohmann::json operator()(bool value) const { return value; }
    nlohmann::json operator()(std::int64_t value) const { return value; }
    nlohmann::json operator()(double value) const { return value; }
    nlohmann::json operator()(const std::string& value) const { return value; }
    nlohmann::json operator()(const Datum::List& list) const {
      auto out = nlohmann::json::array();
      for (const Datum& item : list) out.push_back(jsonOf(item));
      return out;
    }
    nlohmann::json operator()(const Datum::Map& map) const {
      auto out = nlohmann::json::object();
      for (const auto& [name, item] : map) out[name] = jsonOf(item);
      return out;
    }
    nlohmann::json operator()(Unknown) const { return nullptr; }
  };
  return std::visit(Visitor(), datum.value);
}

constexpr int kDeepestJson = 200;

Datum datumOfJson(const nlohmann::json& json) {
  if (json.is_boolean()) return {.value = json.get<bool>()};
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX)
    return {.value = json.get<double>()};
  if (json.is_number_integer()) return {.value = json.get<std::int64_t>()};
  if (json.is_number()) return {.value = json.get<double>()};
  if (json.is_string()) return {.value = json.get<std::string>()};
  if (json.is_array()) {
    Datum::List list;
    for (const auto& item : json) list.push_back(datumOfJson(item));
    return {.value = std::move(list)};
  }
  if (json.is_object()) {
    Datum::Map map;
    for (const auto& [name, item] : json.items()) map[name] = datumOfJson(item);
    return {.value = std::move(map)};
  }
  return {};
}

// Whether `test` holds for the datum or any part of it.
template <typename Test>
bool anyPart(const Datum& datum, const Test& test) {
  if (test(datum)) return true;
  if (const auto* list = datum.list()) {
    return std::any_of(list->begin(), list->end(), [&](const Datum& item) { return anyPart(item, test); });
  }
  if (const auto* map = datum.map()) {
    return std::any_of(map->begin(), map->end(),
                       [&](const auto& entry) { return anyPart(entry.second, test); });
  }
  return false;
}

}  // namespace

bool Datum::fullyKnown() const {
  return !anyPart(*this, [](const Datum& part) { return std::holds_alternative<Unknown>(part.value); });
}

bool Datum::holdsSecret() const {
  return anyPart(*this, [](const Datum& part) { return part.secret; });
}

std::string_view Datum::kindName() const {
  static constexpr std::string_view kNames[] = {"null",     "a bool", "a whole number", "a number",
                                                "a string", "a list", "a map",          "not known yet"};
  return kNames[value.index()];
}

Datum datumOf(const SettingsNode& node) {
  if (const auto* list = node.list()) {
    Datum::List out;
    for (const SettingsNode& item : *list) out.push_back(datumOf(item));
    return {.value = std::move(out)};
  }
  if (const auto* table = node.table()) {
    Datum::Map out;
    for (const SettingsEntry& entry : *table) out[entry.name] = datumOf(entry.value);
    return {.value = std::move(out)};
  }
  if (const auto* boolean = node.boolean()) return {.value = *boolean};
  if (const auto* integer = node.integer()) return {.value = *integer};
  if (const auto* text = node.text()) return {.value = *text};
  return {.value = std::get<double>(node.value)};
}

std::string datumText(const Datum& datum) {
  if (const auto* text = datum.text()) return *text;
  if (std::holds_alternative<std::nullptr_t>(datum.value)) return "";
  if (const auto* number = std::get_if<double>(&datum.value)) {
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, *number).ptr;
    return std::string(buffer, end);
  }
  return toJson(datum);
}

std::string toJson(const Datum& datum) {
  // Bytes that are no UTF-8 would throw; they become U+FFFD.
  return jsonOf(datum).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<JsonProblem> parseJson(std::string_view text, Datum& out) {
  // The library recurses on nothing while parsing, but we do: a deep document must not end us.
  int deepest = 0;
  const auto measure = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    deepest = std::max(deepest, depth);
    return depth <= kDeepestJson;
  };
  try {
    const auto json = nlohmann::json::parse(text, measure);
    if (deepest > kDeepestJson)
      return JsonProblem{"this JSON is nested more than " + std::to_string(kDeepestJson) + " deep"};
    out = datumOfJson(json);
    return std::nullopt;
  } catch (const nlohmann::json::parse_error& error) {
    return JsonProblem{"this is no JSON", error.byte};
  } catch (const nlohmann::json::out_of_range&) {
    return JsonProblem{"a number of this JSON is larger than any that can be held"};
  }
}

void collectTexts(const Datum& datum, std::vector<std::string>& out) {
  if (const auto* text = datum.text()) out.push_back(*text);
  if (const auto* list = datum.list()) {
    for (const Datum& item : *list) collectTexts(item, out);
  }
  if (const auto* map = datum.map()) {
    for (const auto& [name, item] : *map) collectTexts(item, out);
  }
  if (std::holds_alternative<std::int64_t>(datum.value) || std::holds_alternative<double>(datum.value)) {
    out.push_back(datumText(datum));
  }
}

}  // namespace cairn::host
