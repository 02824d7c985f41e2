#pragma once
// A value of cairn.toml as it was written, with its place in the file.
//
// Tables keep the file's order. Strings still hold their ${…}.

#include <cairn/base/error.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::host {

using Errors = std::vector<Error>;

struct SettingsEntry;

struct SettingsNode {
  using List = std::vector<SettingsNode>;
  using Table = std::vector<SettingsEntry>;

  std::variant<Table, bool, std::int64_t, double, std::string, List> value;  // an empty table unless set
  SourcePosition position;

  const Table* table() const { return std::get_if<Table>(&value); }
  const List* list() const { return std::get_if<List>(&value); }
  const std::string* text() const { return std::get_if<std::string>(&value); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value); }
  const bool* boolean() const { return std::get_if<bool>(&value); }

  // The value under `name`; null where this is no table or has no such key. Valid until the table changes.
  const SettingsNode* find(std::string_view name) const;
  SettingsNode* find(std::string_view name);
  void set(std::string name, SettingsNode node);  // adds or replaces
  void erase(std::string_view name);

  // What it is, for messages: "a string", "a whole number", "a table".
  std::string_view kindName() const;
};

struct SettingsEntry {
  std::string name;
  SourcePosition position;  // of the key
  SettingsNode value;
};

// Lays `over` upon `base`: tables are merged key by key, at every depth; anything else is replaced.
void mergeSettings(SettingsNode& base, const SettingsNode& over);

}  // namespace cairn::host
