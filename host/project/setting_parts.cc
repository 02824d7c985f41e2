#include "host/project/setting_parts.h"

namespace cairn::host {
namespace {

using Setting = wire::Setting::Reader;

// Whether `test` holds for the setting or any part of it.
template <typename Test>
bool anyPart(Setting setting, const Test& test) {
  if (test(setting)) return true;
  if (setting.isList()) {
    for (auto item : setting.getList()) {
      if (anyPart(item, test)) return true;
    }
  }
  if (setting.isTable()) {
    for (auto entry : setting.getTable()) {
      if (anyPart(entry.getValue(), test)) return true;
    }
  }
  return false;
}

}  // namespace

std::string textOf(capnp::Text::Reader text) {
  return std::string(text.begin(), text.size());
}

std::string_view kindOf(Setting setting) {
  static constexpr std::string_view kNames[] = {"null",     "a bool", "a whole number", "a number",
                                                "a string", "a list", "a table",        "an expression"};
  return kNames[static_cast<int>(setting.which())];
}

bool holdsExpressions(Setting setting) {
  return anyPart(setting, [](Setting part) { return part.isExpression(); });
}

bool holdsSecrets(Setting setting) {
  return anyPart(setting, [](Setting part) { return part.getSecret(); });
}

std::pair<Setting, std::string> secretPart(Setting setting, std::string path) {
  if (setting.isList()) {
    for (unsigned i = 0; i < setting.getList().size(); ++i) {
      if (auto item = setting.getList()[i]; holdsSecrets(item))
        return secretPart(item, path + "[" + std::to_string(i) + "]");
    }
  }
  if (setting.isTable()) {
    for (auto entry : setting.getTable()) {
      if (holdsSecrets(entry.getValue()))
        return secretPart(entry.getValue(), path + "." + textOf(entry.getName()));
    }
  }
  return {setting, std::move(path)};
}

const SourcePosition* findKey(const SettingsNode& node, const std::string& name, Setting value) {
  const auto isHere = [&](const SettingsEntry& entry) {
    return entry.name == name && entry.value.position.line == static_cast<int>(value.getLine()) &&
           entry.value.position.column == static_cast<int>(value.getColumn());
  };
  if (const auto* table = node.table()) {
    for (const SettingsEntry& entry : *table) {
      if (isHere(entry)) return &entry.position;
      if (const auto* found = findKey(entry.value, name, value)) return found;
    }
  }
  if (const auto* list = node.list()) {
    for (const SettingsNode& item : *list) {
      if (const auto* found = findKey(item, name, value)) return found;
    }
  }
  return nullptr;
}

}  // namespace cairn::host
