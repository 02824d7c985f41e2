#include "host/project/resolve_settings.h"

#include "host/project/evaluate.h"
#include "host/project/expression_check.h"
#include "host/project/setting_parts.h"

namespace cairn::host {
namespace {

std::string keyPath(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}
std::string itemPath(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

void writePosition(const SourcePosition& position, wire::Setting::Builder out) {
  out.setLine(static_cast<std::uint32_t>(position.line));
  out.setColumn(static_cast<std::uint32_t>(position.column));
}

class Planner {
 public:
  explicit Planner(const Scope& scope) : scope_(scope) {}

  void resolve(const SettingsNode& node, const std::string& path, wire::Setting::Builder out) {
    if (const auto* table = node.table()) {
      auto entries = out.initTable(static_cast<unsigned>(table->size()));
      for (unsigned i = 0; i < entries.size(); ++i) {
        const SettingsEntry& entry = (*table)[i];
        entries[i].setName(entry.name);
        resolve(entry.value, keyPath(path, entry.name), entries[i].initValue());
      }
    } else if (const auto* list = node.list()) {
      auto items = out.initList(static_cast<unsigned>(list->size()));
      for (unsigned i = 0; i < items.size(); ++i) resolve((*list)[i], itemPath(path, i), items[i]);
    } else if (node.text() != nullptr && holdsExpression(*node.text())) {
      resolveText(node, path, out);
    } else {
      writeDatum(datumOf(node), out);
    }
    writePosition(node.position, out);
  }

  Errors errors;
  Resolution resolution;

 private:
  void resolveText(const SettingsNode& node, const std::string& path, wire::Setting::Builder out) {
    auto worth = evaluateText(*node.text(), scope_);
    if (!worth) {
      errors.push_back(errorOf(worth.error(), node, path, scope_.source));
      out.setExpression(*node.text());
      return;
    }
    const bool secret = worth->holdsSecret(), known = worth->fullyKnown();
    if (known && !secret) return writeDatum(*worth, out);
    out.setExpression(*node.text());
    out.setSecret(secret);
    if (!known) resolution.unknownPaths.push_back(path);
    if (secret) resolution.secretPaths.push_back(path);
  }

  const Scope& scope_;
};

class Runner {
 public:
  Runner(const Scope& scope, bool mayBeUnknown) : scope_(scope), mayBeUnknown_(mayBeUnknown) {}

  void resolve(wire::Setting::Reader planned, const std::string& path, wire::Setting::Builder out) {
    switch (planned.which()) {
      case wire::Setting::TABLE:
        resolveTable(planned, path, out);
        break;
      case wire::Setting::LIST: {
        auto items = out.initList(planned.getList().size());
        for (unsigned i = 0; i < items.size(); ++i)
          resolve(planned.getList()[i], itemPath(path, i), items[i]);
        break;
      }
      case wire::Setting::EXPRESSION:
        resolveText(planned, path, out);
        break;
      default:
        writeDatum(readDatum(planned), out);
    }
    out.setLine(planned.getLine());
    out.setColumn(planned.getColumn());
    if (planned.hasFile()) out.setFile(planned.getFile());
  }

  Errors errors;
  Resolution resolution;

 private:
  void resolveTable(wire::Setting::Reader planned, const std::string& path, wire::Setting::Builder out) {
    auto from = planned.getTable();
    auto entries = out.initTable(from.size());
    for (unsigned i = 0; i < from.size(); ++i) {
      entries[i].setName(from[i].getName());
      resolve(from[i].getValue(), keyPath(path, textOf(from[i].getName())), entries[i].initValue());
    }
  }

  void resolveText(wire::Setting::Reader planned, const std::string& path, wire::Setting::Builder out) {
    SettingsNode node{.value = textOf(planned.getExpression()),
                      .position = {textOf(planned.getFile()), static_cast<int>(planned.getLine()),
                                   static_cast<int>(planned.getColumn())}};
    auto worth = evaluateText(*node.text(), scope_);
    if (!worth) {
      errors.push_back(errorOf(worth.error(), node, path, nullptr));
    } else if (!worth->fullyKnown() && mayBeUnknown_) {
      out.setExpression(planned.getExpression());
      out.setSecret(worth->holdsSecret() || planned.getSecret());
      resolution.unknownPaths.push_back(path);
    } else if (!worth->fullyKnown()) {
      errors.push_back(
          errorOf({.message = "'" + path + "' needs what an earlier stage makes, which is not there",
                   .hint = "run that stage too, or give the setting a plain value"},
                  node, path, nullptr));
    } else {
      writeDatum(*worth, out);
      if (!worth->holdsSecret() && !planned.getSecret()) return;
      out.setSecret(true);
      resolution.secretPaths.push_back(path);
      collectTexts(*worth, resolution.secretTexts);
    }
  }

  const Scope& scope_;
  bool mayBeUnknown_;
};

}  // namespace

Result<Resolution, Errors> resolveSettings(const SettingsNode& node, const Scope& scope,
                                           wire::Setting::Builder out) {
  Planner planner(scope);
  planner.resolve(node, "", out);
  if (!planner.errors.empty()) return std::move(planner.errors);
  return std::move(planner.resolution);
}

Result<Resolution, Errors> resolveAtRun(wire::Setting::Reader planned, const Scope& scope,
                                        wire::Setting::Builder out, bool mayBeUnknown) {
  Runner runner(scope, mayBeUnknown);
  runner.resolve(planned, "", out);
  if (!runner.errors.empty()) return std::move(runner.errors);
  return std::move(runner.resolution);
}

void writeDatum(const Datum& datum, wire::Setting::Builder out) {
  out.setSecret(datum.secret);
  if (const auto* boolean = std::get_if<bool>(&datum.value))
    out.setBool(*boolean);
  else if (const auto* integer = std::get_if<std::int64_t>(&datum.value))
    out.setInteger(*integer);
  else if (const auto* number = std::get_if<double>(&datum.value))
    out.setNumber(*number);
  else if (const auto* text = datum.text())
    out.setText(*text);
  else if (const auto* list = datum.list()) {
    auto items = out.initList(static_cast<unsigned>(list->size()));
    for (unsigned i = 0; i < items.size(); ++i) writeDatum((*list)[i], items[i]);
  } else if (const auto* map = datum.map()) {
    auto entries = out.initTable(static_cast<unsigned>(map->size()));
    unsigned next = 0;
    for (const auto& [name, value] : *map) {
      entries[next].setName(name);
      writeDatum(value, entries[next++].initValue());
    }
  } else {
    out.setNull();
  }
}

Datum readDatum(wire::Setting::Reader setting) {
  Datum out{.secret = setting.getSecret()};
  switch (setting.which()) {
    case wire::Setting::NULL_:
      break;
    case wire::Setting::BOOL:
      out.value = setting.getBool();
      break;
    case wire::Setting::INTEGER:
      out.value = setting.getInteger();
      break;
    case wire::Setting::NUMBER:
      out.value = setting.getNumber();
      break;
    case wire::Setting::TEXT:
      out.value = textOf(setting.getText());
      break;
    case wire::Setting::EXPRESSION:
      out.value = textOf(setting.getExpression());
      break;
    case wire::Setting::LIST: {
      Datum::List list;
      for (auto item : setting.getList()) list.push_back(readDatum(item));
      out.value = std::move(list);
      break;
    }
    case wire::Setting::TABLE: {
      Datum::Map map;
      for (auto entry : setting.getTable()) map[textOf(entry.getName())] = readDatum(entry.getValue());
      out.value = std::move(map);
      break;
    }
  }
  return out;
}

}  // namespace cairn::host
