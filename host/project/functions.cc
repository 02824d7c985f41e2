#include "host/project/functions.h"

#include "host/project/function_bodies.h"
#include "host/project/near_names.h"

#include <algorithm>

namespace cairn::host {
namespace {

using namespace function_bodies;

// Sorted by name.
const std::vector<Function>& table() {
  static const std::vector<Function> kFunctions = {
      {"abspath", "t", "abspath(path)", "The path made absolute, from the project's folder.", absPath},
      {"base64decode", "t", "base64decode(text)", "The text that was base64.", base64Decode},
      {"base64encode", "t", "base64encode(text)", "The text as base64.", base64Encode},
      {"basename", "t", "basename(path)", "The last part of a path.", baseName},
      {"concat", "a*", "concat(a, b, …)", "Strings joined to one string, or lists to one list.", concat},
      {"contains", "aa", "contains(list | map | text, wanted)", "Whether the element, key or part is there.",
       contains},
      {"default", "aa", "default(value, otherwise)",
       "The value, or the other one where it is missing, null or \"\".", nullptr},
      {"dirname", "t", "dirname(path)", "A path without its last part.", dirName},
      {"eq", "aa", "eq(a, b)", "Whether both are equal.", equal},
      {"file", "t", "file(path)", "The text of a file of the project.", nullptr},
      {"format", "ta*", "format(text, a, b, …)", "The text with each {} replaced by the next argument.",
       format},
      {"if", "aaa", "if(condition, then, else)", "One of two values; the other isn't worked out.", nullptr},
      {"join", "tl", "join(separator, list)", "The list's elements in one string.", join},
      {"jsondecode", "t", "jsondecode(text)", "The value that a JSON text stands for.", jsonDecode},
      {"jsonencode", "a", "jsonencode(value)", "The value as JSON.", jsonEncode},
      {"keys", "m", "keys(map)", "The names in a map, sorted.", keys},
      {"length", "a", "length(list | map | text)", "How many elements, or how many bytes.", length},
      {"lookup", "mt?a", "lookup(map, key, otherwise)", "The map's value under a key.", lookup},
      {"lower", "t", "lower(text)", "The text in lower-case letters (ASCII).", lower},
      {"merge", "m*", "merge(map, map, …)", "All keys of all maps; later ones win.", merge},
      {"not", "a", "not(condition)", "The opposite of a bool.", negate},
      {"number", "a", "number(text)", "The number that a text stands for.", toNumber},
      {"replace", "ttt", "replace(text, from, to)", "The text with every `from` replaced.", replace},
      {"sha256", "t", "sha256(text)", "The SHA-256 of a text, as 64 hex digits.", sha256Of},
      {"split", "tt", "split(separator, text)", "The parts of a text, as a list.", split},
      {"string", "a", "string(value)", "The value as text.", toText},
      {"substr", "ti?i", "substr(text, start, length)",
       "A part of a text, in bytes from 0; to the end without a length.", substr},
      {"template", "t?m", "template(path, map)",
       "The text of a file with its ${…} worked out; the map's keys are names in it.", nullptr},
      {"trim", "t", "trim(text)", "The text without white space at both ends.", trim},
      {"upper", "t", "upper(text)", "The text in upper-case letters (ASCII).", upper},
      {"values", "m", "values(map)", "The values in a map, sorted by their names.", values},
  };
  return kFunctions;
}

struct Shape {
  std::string letters;  // one a parameter
  std::size_t least = 0;
  bool repeats = false;

  explicit Shape(std::string_view parameters) {
    bool optional = false;
    for (char c : parameters) {
      if (c == '?')
        optional = true;
      else if (c == '*')
        repeats = true;
      else
        letters += c;
      if (c != '?' && c != '*' && !optional) ++least;
    }
    if (repeats) --least;
  }
  char letter(std::size_t index) const { return letters[std::min(index, letters.size() - 1)]; }
};

bool fits(char letter, const Datum& datum) {
  switch (letter) {
    case 't':
      return datum.text() != nullptr;
    case 'i':
      return std::holds_alternative<std::int64_t>(datum.value);
    case 'n':
      return std::holds_alternative<std::int64_t>(datum.value) || std::holds_alternative<double>(datum.value);
    case 'l':
      return datum.list() != nullptr;
    case 'm':
      return datum.map() != nullptr;
    default:
      return true;
  }
}

std::string_view wantedName(char letter) {
  switch (letter) {
    case 't':
      return "a string";
    case 'i':
      return "a whole number";
    case 'n':
      return "a number";
    case 'l':
      return "a list";
    default:
      return "a map";
  }
}

std::string ordinal(std::size_t index) {
  static constexpr const char* kNames[] = {"first", "second", "third"};
  return index < 3 ? kNames[index] : std::to_string(index + 1) + "th";
}

}  // namespace

std::span<const Function> allFunctions() {
  return table();
}

const Function* findFunction(std::string_view name) {
  const auto found =
      std::lower_bound(table().begin(), table().end(), name,
                       [](const Function& function, std::string_view key) { return function.name < key; });
  return found != table().end() && found->name == name ? &*found : nullptr;
}

std::vector<std::string> functionNames() {
  std::vector<std::string> out;
  for (const Function& function : table()) out.push_back(function.name);
  return out;
}

std::optional<Fault> checkArgumentCount(const Function& function, const Expression& call) {
  const Shape shape(function.parameters);
  const std::size_t given = call.children.size();
  if (given >= shape.least && (shape.repeats || given <= shape.letters.size())) return std::nullopt;
  const std::size_t most = shape.letters.size();
  std::string wanted = std::to_string(shape.least);
  if (shape.repeats)
    wanted = "at least " + wanted;
  else if (most != shape.least)
    wanted += " to " + std::to_string(most);
  return Fault{.offset = call.offset,
               .message = function.name + "() takes " + wanted +
                          (wanted == "1" ? " argument" : " arguments") + ", not " + std::to_string(given),
               .hint = function.usage};
}

std::optional<Fault> checkArgumentTypes(const Function& function, const Expression& call,
                                        const Arguments& arguments) {
  const Shape shape(function.parameters);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (std::holds_alternative<Unknown>(arguments[i].value) || fits(shape.letter(i), arguments[i])) continue;
    return Fault{.offset = call.children[i].offset,
                 .message = "the " + ordinal(i) + " argument of " + function.name + "() is " +
                            std::string(arguments[i].kindName()) + ", but must be " +
                            std::string(wantedName(shape.letter(i))),
                 .hint = function.usage};
  }
  return std::nullopt;
}

}  // namespace cairn::host
