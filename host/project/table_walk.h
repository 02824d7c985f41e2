#pragma once
// Takes one table of the file apart, key by key; what nobody took is an unknown key.

#include "host/project/settings_node.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::host {

class TableWalk {
 public:
  // `path` is the table's own, "app.web"; empty for the whole file. A node that is no table is an error and
  // reads as empty.
  TableWalk(const SettingsNode& node, std::string path, Errors& errors);

  // Each takes a key. A wrong type is added to the errors and reads as absent.
  const SettingsNode* any(std::string_view name);
  const SettingsNode* table(std::string_view name);
  const SettingsNode* list(std::string_view name);
  std::optional<std::string> text(std::string_view name);  // without ${…}
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::optional<std::chrono::milliseconds> duration(std::string_view name);
  std::vector<std::string> texts(std::string_view name);  // one string, or a list of them
  // The index of the text among `choices`.
  std::optional<std::size_t> choice(std::string_view name, const std::vector<std::string>& choices);

  // What has not been taken.
  std::vector<const SettingsEntry*> rest() const;
  // Makes an error of each key that has not been taken.
  void finish();

  void fail(const SourcePosition& position, std::string code, std::string message, std::string hint = "",
            std::string_view key = "");
  void missing(std::string_view key, std::string hint);

  std::string pathOf(std::string_view key) const;
  const SourcePosition& position() const { return node_.position; }

 private:
  const SettingsNode* typed(std::string_view name, bool fits(const SettingsNode&), std::string_view wanted);

  const SettingsNode& node_;
  std::string path_;
  Errors& errors_;
  std::vector<std::string> asked_;
};

// A hint to the right way of writing a value of a wrong type; empty: none is known. `text`: what it is, where
// it is a string; `literal`: where it is a number, true or false.
std::string wayToWrite(std::string_view wanted, const std::string* text, const std::string& literal);
Error wrongType(const SettingsNode& node, std::string path, std::string_view wanted);

// Lower-case letters, digits and '-', a letter first, at most 40; says why not, or is empty.
std::string nameProblem(std::string_view name);

}  // namespace cairn::host
