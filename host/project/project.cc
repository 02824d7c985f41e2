#include "host/project/project.h"

#include <functional>
#include <queue>
#include <unordered_map>

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
  std::unordered_map<std::string_view, std::size_t> indices;  // a name is there once, but for a mistake
  for (std::size_t i = 0; i < apps.size(); ++i) indices.emplace(apps[i].name, i);
  std::vector<std::vector<std::size_t>> neededBy(apps.size());
  std::vector<std::size_t> missing(apps.size());
  for (std::size_t i = 0; i < apps.size(); ++i) {
    for (const Need& need : apps[i].needs) {
      const auto needed = indices.find(need.app);
      if (needed == indices.end()) continue;
      neededBy[needed->second].push_back(i);
      ++missing[i];
    }
  }
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>>
      ready;  // the first in the file first
  for (std::size_t i = 0; i < apps.size(); ++i) {
    if (missing[i] == 0) ready.push(i);
  }
  std::vector<std::size_t> out;
  while (!ready.empty()) {
    const std::size_t next = ready.top();
    ready.pop();
    out.push_back(next);
    for (std::size_t waiting : neededBy[next]) {
      if (--missing[waiting] == 0) ready.push(waiting);
    }
  }
  // A cycle, a mistake of the file: the rest of its apps come in the file's order.
  for (std::size_t i = 0; i < apps.size(); ++i) {
    if (missing[i] > 0) out.push_back(i);
  }
  return out;
}

}  // namespace cairn::host
