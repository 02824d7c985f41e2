#pragma once
// A value of an expression: what a ${…} is worth.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::host {

struct SettingsNode;

// Something that will be known only when earlier stages have run.
struct Unknown {
  bool operator==(const Unknown&) const { return true; }
};

struct Datum {
  using List = std::vector<Datum>;
  using Map = std::map<std::string, Datum>;

  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Map, Unknown> value = nullptr;
  bool secret = false;

  static Datum unknown() { return {.value = Unknown()}; }

  // Neither it nor any part of it is unknown.
  bool fullyKnown() const;
  // It or any part of it is secret.
  bool holdsSecret() const;
  // "null", "a bool", "a whole number", "a number", "a string", "a list", "a map", "not known yet".
  std::string_view kindName() const;

  const std::string* text() const { return std::get_if<std::string>(&value); }
  const List* list() const { return std::get_if<List>(&value); }
  const Map* map() const { return std::get_if<Map>(&value); }

  // Ignores `secret`.
  bool operator==(const Datum& other) const { return value == other.value; }
};

// The node as it is; ${…} in strings are not looked at.
Datum datumOf(const SettingsNode& node);

// As text inside a longer string: text itself, numbers and bools as written, "" for null, lists and maps as
// JSON.
std::string datumText(const Datum& datum);

std::string toJson(const Datum& datum);

// Why a text is of no use as JSON, in a sentence that quotes nothing of it: it may hold a secret.
struct JsonProblem {
  std::string why;
  std::optional<std::size_t> byte = {};  // at which reading stopped, from 1; none where it is JSON
};
// Nothing where `text` was read into `out`.
std::optional<JsonProblem> parseJson(std::string_view text, Datum& out);

// All strings in it, at any depth, for masking.
void collectTexts(const Datum& datum, std::vector<std::string>& out);

}  // namespace cairn::host
