#include "host/project/table_walk.h"

#include "host/project/expression.h"
#include "host/project/near_names.h"
#include "host/project/units.h"

#include <algorithm>
#include <sstream>

namespace cairn::host {

std::string wayToWrite(std::string_view wanted, const std::string* text, const std::string& literal) {
  if (text != nullptr && wanted.find("list") != wanted.npos) {
    std::string list;
    std::istringstream words(*text);
    for (std::string word; words >> word;)
      list += (list.empty() ? "[" : ", ") + std::string("\"") + word + '"';
    return list.empty() || text->find_first_of("\"'\\\n") != text->npos ? "write a list: [\"…\", \"…\"]"
                                                                        : "write a list: " + list + "]";
  }
  if (!literal.empty() && wanted.starts_with("a string")) return "write it in quotes: \"" + literal + "\"";
  return {};
}

Error wrongType(const SettingsNode& node, std::string path, std::string_view wanted) {
  return {.kind = ErrorKind::Config,
          .code = "wrong-type",
          .message = "'" + path + "' is " + std::string(node.kindName()) + ", but " + std::string(wanted) +
                     " is wanted",
          .hint = wayToWrite(wanted, node.text(),
                             node.integer() != nullptr   ? std::to_string(*node.integer())
                             : node.boolean() != nullptr ? (*node.boolean() ? "true" : "false")
                                                         : ""),
          .position = node.position,
          .settingPath = path};
}

std::string nameProblem(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (name.empty()) return "it is empty";
  if (name.size() > 40) return "it is longer than 40 characters";
  if (!std::all_of(name.begin(), name.end(), allowed))
    return "only lower-case letters, digits and '-' are allowed";
  if (name[0] < 'a' || name[0] > 'z') return "it must begin with a letter";
  if (name.back() == '-') return "it must not end with '-'";
  return "";
}

TableWalk::TableWalk(const SettingsNode& node, std::string path, Errors& errors)
    : node_(node), path_(std::move(path)), errors_(errors) {
  if (node_.table() == nullptr) errors_.push_back(wrongType(node_, path_, "a table"));
}

std::string TableWalk::pathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const SettingsNode* TableWalk::any(std::string_view name) {
  asked_.emplace_back(name);
  return node_.find(name);
}

const SettingsNode* TableWalk::typed(std::string_view name, bool fits(const SettingsNode&),
                                     std::string_view wanted) {
  const SettingsNode* node = any(name);
  if (node == nullptr || fits(*node)) return node;
  errors_.push_back(wrongType(*node, pathOf(name), wanted));
  return nullptr;
}

const SettingsNode* TableWalk::table(std::string_view name) {
  return typed(
      name, [](const SettingsNode& node) { return node.table() != nullptr; }, "a table");
}

const SettingsNode* TableWalk::list(std::string_view name) {
  return typed(
      name, [](const SettingsNode& node) { return node.list() != nullptr; }, "a list");
}

std::optional<std::string> TableWalk::text(std::string_view name) {
  const auto* node = typed(
      name, [](const SettingsNode& found) { return found.text() != nullptr; }, "a string");
  if (node == nullptr) return std::nullopt;
  if (holdsExpression(*node->text())) {
    fail(node->position, "bad-expression", "'" + pathOf(name) + "' can't hold an expression",
         "it must be known before anything is worked out: write it plainly", name);
    return std::nullopt;
  }
  return *node->text();
}

std::optional<bool> TableWalk::boolean(std::string_view name) {
  const auto* node = typed(
      name, [](const SettingsNode& found) { return found.boolean() != nullptr; }, "true or false");
  return node == nullptr ? std::nullopt : std::optional(*node->boolean());
}

std::optional<std::int64_t> TableWalk::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  const auto* node = typed(
      name, [](const SettingsNode& found) { return found.integer() != nullptr; }, "a whole number");
  if (node == nullptr) return std::nullopt;
  const std::int64_t value = *node->integer();
  if (value >= least && value <= most) return value;
  fail(node->position, "out-of-range",
       "'" + pathOf(name) + "' is " + std::to_string(value) + ", but must be from " + std::to_string(least) +
           " to " + std::to_string(most),
       "", name);
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> TableWalk::duration(std::string_view name) {
  const SettingsNode* node = any(name);
  if (node == nullptr) return std::nullopt;
  if (const std::int64_t* seconds = node->integer();
      seconds != nullptr && *seconds >= 0 && *seconds < 1'000'000'000) {
    return std::chrono::seconds(*seconds);
  }
  if (node->text() == nullptr && node->integer() == nullptr) {
    errors_.push_back(wrongType(*node, pathOf(name), "a duration such as \"1m30s\""));
    return std::nullopt;
  }
  const auto nanoseconds = node->text() != nullptr ? parseDuration(*node->text()) : std::nullopt;
  if (nanoseconds) return std::chrono::milliseconds(*nanoseconds / 1'000'000);
  const std::string shown =
      node->text() != nullptr ? "\"" + *node->text() + "\"" : std::to_string(*node->integer());
  fail(node->position, "bad-duration", "'" + pathOf(name) + "' is " + shown + ", which is no duration",
       "write it as \"1m30s\", \"500ms\", or as a number of seconds", name);
  return std::nullopt;
}

std::vector<std::string> TableWalk::texts(std::string_view name) {
  const SettingsNode* node = any(name);
  if (node == nullptr) return {};
  if (node->text() != nullptr) return {*node->text()};
  if (node->list() == nullptr) {
    errors_.push_back(wrongType(*node, pathOf(name), "a string or a list of strings"));
    return {};
  }
  std::vector<std::string> out;
  for (const SettingsNode& item : *node->list()) {
    if (item.text() != nullptr)
      out.push_back(*item.text());
    else
      errors_.push_back(wrongType(item, pathOf(name) + "[" + std::to_string(out.size()) + "]", "a string"));
  }
  return out;
}

std::optional<std::size_t> TableWalk::choice(std::string_view name, const std::vector<std::string>& choices) {
  const std::optional<std::string> written = text(name);
  if (!written) return std::nullopt;
  const auto found = std::find(choices.begin(), choices.end(), *written);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  fail(node_.find(name)->position, "unknown-choice", "'" + pathOf(name) + "' can't be \"" + *written + "\"",
       nearestName(*written, choices).empty() ? "choose one of: " + joinNames(choices)
                                              : nameHint(*written, choices),
       name);
  return std::nullopt;
}

std::vector<const SettingsEntry*> TableWalk::rest() const {
  std::vector<const SettingsEntry*> out;
  if (node_.table() == nullptr) return out;
  for (const SettingsEntry& entry : *node_.table()) {
    if (std::find(asked_.begin(), asked_.end(), entry.name) == asked_.end()) out.push_back(&entry);
  }
  return out;
}

void TableWalk::finish() {
  for (const SettingsEntry* entry : rest()) {
    const std::string where = path_.empty() ? std::string("at the top of the file") : "in '" + path_ + "'";
    fail(entry->position, "unknown-key", "there is no key '" + entry->name + "' " + where,
         nameHint(entry->name, asked_), entry->name);
  }
}

void TableWalk::fail(const SourcePosition& position, std::string code, std::string message, std::string hint,
                     std::string_view key) {
  errors_.push_back({.kind = ErrorKind::Config,
                     .code = std::move(code),
                     .message = std::move(message),
                     .hint = std::move(hint),
                     .position = position,
                     .settingPath = key.empty() ? path_ : pathOf(key)});
}

void TableWalk::missing(std::string_view key, std::string hint) {
  if (node_.table() == nullptr) return;
  const std::string where = path_.empty() ? "the file" : "'" + path_ + "'";
  fail(node_.position, "missing-key", where + " has no '" + std::string(key) + "'", std::move(hint), key);
}

}  // namespace cairn::host
