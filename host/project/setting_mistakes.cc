#include "host/project/setting_mistakes.h"

#include "host/project/near_names.h"
#include "host/project/setting_parts.h"
#include "host/project/table_walk.h"

#include <algorithm>
#include <utility>

namespace cairn::host {

using Setting = wire::Setting::Reader;

void SettingMistakes::add(Setting at, std::string code, std::string message, std::string hint,
                          const std::string& path) {
  SourcePosition position{options_.file, static_cast<int>(at.getLine()), static_cast<int>(at.getColumn())};
  if (at.hasFile()) position.file = textOf(at.getFile());
  if (position.line == 0) position.file.clear();
  errors_.push_back({.kind = ErrorKind::Config,
                     .code = std::move(code),
                     .message = std::move(message),
                     .hint = std::move(hint),
                     .position = std::move(position),
                     .settingPath = full(path)});
}

void SettingMistakes::wrongType(Setting value, std::string_view wanted, const std::string& path) {
  const std::string text = value.isText() && !value.getSecret() ? textOf(value.getText()) : "";
  add(value, "wrong-type",
      "'" + full(path) + "' is " + std::string(kindOf(value)) + ", but " + std::string(wanted) + " is wanted",
      wayToWrite(wanted, value.isText() ? &text : nullptr,
                 value.isInteger() ? std::to_string(value.getInteger())
                 : value.isBool()  ? (value.getBool() ? "true" : "false")
                                   : ""),
      path);
}

void SettingMistakes::unknownKey(Setting at, const std::string& name, const std::string& path,
                                 const std::string& table, const std::vector<FieldTraits>& fields) {
  std::vector<std::string> names;
  for (const FieldTraits& field : fields) names.push_back(field.name);
  const std::string owner = !table.empty()           ? "'" + full(table) + "'"
                            : options_.owner.empty() ? "'" + options_.pathPrefix + "'"
                                                     : "the " + options_.owner;
  add(at, "unknown-key", owner + " has no " + options_.keyWord + " '" + name + "'", nameHint(name, names),
      path);
  if (const std::string nearest = nearestName(name, names); !nearest.empty())
    meant_.push_back(full(table.empty() ? nearest : table + "." + nearest));
  if (options_.written == nullptr) return;
  if (const SourcePosition* key = findKey(*options_.written, name, at)) errors_.back().position = *key;
}

void SettingMistakes::twoMembers(Setting at, const std::string& first, const std::string& second,
                                 const std::string& path) {
  add(at, "one-of", "only one of '" + first + "' and '" + second + "' can be set", "take one of them out",
      path);
}

void SettingMistakes::missing(Setting table, const std::string& path, const FieldTraits& field) {
  const std::string fieldPath = path.empty() ? field.name : path + "." + field.name;
  add(table, "missing-setting",
      "'" + full(fieldPath) + "' must be set" + (options_.owner.empty() ? "" : " for the " + options_.owner),
      field.doc, fieldPath);
}

void SettingMistakes::empty(Setting value, const std::string& path, const FieldTraits& field) {
  add(value, "missing-setting",
      "'" + full(path) + "' is empty, and must be set" +
          (options_.owner.empty() ? "" : " for the " + options_.owner),
      field.doc, path);
}

void SettingMistakes::secret(Setting value, const std::string& path) {
  const std::string owner =
      options_.owner.empty() ? "'" + options_.pathPrefix + "'" : "the " + options_.owner;
  std::string fit;
  for (const SettingDoc& setting : describeSettings(root_)) {
    if (setting.secret || setting.mayHoldSecret) fit += (fit.empty() ? "" : ", ") + setting.name;
  }
  const auto [part, partPath] = secretPart(value, path);
  add(part, "secret-in-setting", "'" + full(partPath) + "' can't hold a secret: it would be shown or stored",
      fit.empty() ? "no setting of " + owner + " may hold one"
                  : "settings of " + owner + " that may hold one: " + fit,
      partPath);
}

Error SettingMistakes::deprecated(Setting value, const FieldTraits& field, const std::string& path) const {
  return {.kind = ErrorKind::Config,
          .code = "deprecated-setting",
          .message = "'" + full(path) + "' is deprecated: " + field.deprecated,
          .position = {options_.file, static_cast<int>(value.getLine()), static_cast<int>(value.getColumn())},
          .settingPath = full(path)};
}

std::string SettingMistakes::full(const std::string& path) const {
  if (options_.pathPrefix.empty() || path.empty()) return options_.pathPrefix + path;
  return options_.pathPrefix + "." + path;
}

Errors SettingMistakes::take() {
  std::erase_if(errors_, [this](const Error& error) {
    return error.code == "missing-setting" &&
           std::find(meant_.begin(), meant_.end(), error.settingPath) != meant_.end();
  });
  std::stable_sort(errors_.begin(), errors_.end(), [](const Error& a, const Error& b) {
    return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
  });
  return std::move(errors_);
}

}  // namespace cairn::host
