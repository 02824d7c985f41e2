#include "host/project/project.h"

#include <algorithm>

namespace cairn::host {

std::string_view stageTable(StageKind kind) {
  static constexpr std::string_view kTables[] = {"build", "registry", "deploy", "release"};
  return kTables[static_cast<int>(kind)];
}

const Stage* App::stage(StageKind kind) const {
  for (const Stage& stage : stages) {
    if (stage.kind == kind) return &stage;
  }
  return nullptr;
}

const App* Project::app(std::string_view wanted) const {
  for (const App& app : apps) {
    if (app.name == wanted) return &app;
  }
  return nullptr;
}

std::vector<std::size_t> Project::appOrder() const {
  std::vector<std::size_t> out;
  std::vector<bool> placed(apps.size());
  const auto ready = [&](const App& candidate) {
    return std::all_of(candidate.needs.begin(), candidate.needs.end(), [&](const Need& need) {
      for (std::size_t i = 0; i < apps.size(); ++i) {
        if (apps[i].name == need.app && !placed[i]) return false;
      }
      return true;
    });
  };
  while (out.size() < apps.size()) {
    const std::size_t before = out.size();
    for (std::size_t i = 0; i < apps.size() && out.size() == before; ++i) {
      if (placed[i] || !ready(apps[i])) continue;
      placed[i] = true;
      out.push_back(i);
    }
    if (out.size() > before) continue;
    // A cycle, a mistake of the file: the rest of its apps come in the file's order.
    for (std::size_t i = 0; i < apps.size(); ++i) {
      if (!placed[i]) out.push_back(i);
    }
  }
  return out;
}

}  // namespace cairn::host
