#include "host/pipeline/setting_place.h"

#include <host/pipeline/plan_maker.h>
#include <host/pipeline/settings_value.h>
#include <host/project/project.h>

namespace cairn::host {
namespace {

void take(SourcePosition& position, wire::Setting::Reader setting) {
  if (setting.getLine() == 0) return;
  position.file = setting.getFile().size() > 0 ? setting.getFile().cStr() : kProjectFile;
  position.line = static_cast<int>(setting.getLine());
  position.column = static_cast<int>(setting.getColumn());
}

// Follows `path` through tables as far as it leads.
void follow(SourcePosition& position, wire::Setting::Reader table, std::string_view path) {
  take(position, table);
  if (path.empty() || !table.isTable()) return;
  const std::size_t end = std::min(path.find_first_of(".["), path.size());
  for (auto entry : table.getTable()) {
    if (path.substr(0, end) != entry.getName().cStr()) continue;
    follow(position, entry.getValue(), path.substr(std::min(end + 1, path.size())));
  }
}

}  // namespace

Error placed(Error error, wire::Plan::App::Reader app, wire::Plan::Stage::Reader stage) {
  if (error.settingPath.empty() || error.position.known()) return error;
  follow(error.position, stage.getSettings(), error.settingPath);
  error.settingPath = "app." + std::string(app.getName()) + "." +
                      std::string(stageTable(projectKind(stage.getKind()))) + "." + error.settingPath;
  return error;
}

}  // namespace cairn::host
