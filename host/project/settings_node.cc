#include "host/project/settings_node.h"

#include <algorithm>

namespace cairn::host {

const SettingsNode* SettingsNode::find(std::string_view name) const {
  const Table* entries = table();
  if (entries == nullptr) return nullptr;
  for (const SettingsEntry& entry : *entries) {
    if (entry.name == name) return &entry.value;
  }
  return nullptr;
}

SettingsNode* SettingsNode::find(std::string_view name) {
  return const_cast<SettingsNode*>(static_cast<const SettingsNode*>(this)->find(name));
}

void SettingsNode::set(std::string name, SettingsNode node) {
  if (SettingsNode* present = find(name)) {
    *present = std::move(node);
    return;
  }
  SourcePosition position = node.position;
  std::get<Table>(value).push_back({std::move(name), std::move(position), std::move(node)});
}

void SettingsNode::erase(std::string_view name) {
  if (auto* entries = std::get_if<Table>(&value)) {
    std::erase_if(*entries, [&](const SettingsEntry& entry) { return entry.name == name; });
  }
}

std::string_view SettingsNode::kindName() const {
  static constexpr std::string_view kNames[] = {"a table",  "a bool",   "a whole number",
                                                "a number", "a string", "a list"};
  return kNames[value.index()];
}

void mergeSettings(SettingsNode& base, const SettingsNode& over) {
  if (base.table() == nullptr || over.table() == nullptr) {
    base = over;
    return;
  }
  for (const SettingsEntry& entry : *over.table()) {
    if (SettingsNode* present = base.find(entry.name)) {
      mergeSettings(*present, entry.value);
    } else {
      std::get<SettingsNode::Table>(base.value).push_back(entry);
    }
  }
}

}  // namespace cairn::host
