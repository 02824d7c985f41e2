#include "host/pipeline/file_mistakes.h"

#include <host/project/near_names.h>

#include <algorithm>
#include <string_view>
#include <tuple>

namespace cairn::host {
namespace {

// The first key of a dotted path, which loses it: "app" of "app.web.deploy", "needs" of "needs[0]".
std::string takeKey(std::string_view& path) {
  const auto end = path.find('.');
  std::string_view key = path.substr(0, end);
  path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
  return std::string(key.substr(0, key.find('[')));
}

bool isOneOf(const std::string& name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Whether a mistake at this place of an app, "deploy.port", may hide a stage or what one is made with.
bool hidesAStage(std::string_view inApp) {
  const std::string key = takeKey(inApp);
  if (isOneOf(key, {"path", "labels", "needs", "keep"})) return false;
  if (!isOneOf(key, {"build", "registry", "deploy", "release"})) return true;
  const std::string setting = takeKey(inApp);
  return isOneOf(setting, {"", "use", "mapper"});
}

bool samePlace(const SourcePosition& a, const SourcePosition& b) {
  return std::tie(a.file, a.line, a.column) == std::tie(b.file, b.line, b.column);
}

bool isWithin(std::string_view path, std::string_view whole) {
  return path.starts_with(whole) && (path.size() == whole.size() || path[whole.size()] == '.');
}

}  // namespace

FileMistakes::FileMistakes(const Project& project, Errors found)
    : project_(project), told_(std::move(found)), ofFile_(told_.size()) {
  for (const Error& mistake : told_) doubt(mistake);
}

void FileMistakes::doubt(const Error& mistake) {
  std::string_view path = mistake.settingPath;
  std::string key = takeKey(path);
  if (key == "workspace") {
    if (takeKey(path) != project_.workspace) return;
    key = takeKey(path);
  }
  // A key that nobody knows was meant for the known one that is nearest.
  static const std::vector<std::string> kKnown = {"app",       "project", "labels", "keep", "env",
                                                  "variables", "plugins", "mapper", "type", "workspace"};
  if (!isOneOf(key, kKnown)) key = nearestName(key, kKnown);
  if (isOneOf(key, {"project", "labels", "keep", "env", "variables"})) return;
  if (key == "app" && !path.empty()) {
    const std::string app = takeKey(path);
    if (hidesAStage(path)) inDoubt_.push_back(app);
    return;
  }
  doubtAllApps();
  if (!isOneOf(key, {"app", "mapper", "type", "workspace"})) pluginsInDoubt_ = true;
}

void FileMistakes::doubtAllApps() {
  for (const App& app : project_.apps) inDoubt_.push_back(app.name);
}

bool FileMistakes::followsFromAnother(const Error& later) const {
  if (ofFile_ == 0) return false;
  if (!later.position.known()) return true;
  if (pluginsInDoubt_ && later.code == "unknown-component") return true;
  const std::string here = "workspace." + project_.workspace + ".";
  return std::any_of(told_.begin(), told_.begin() + static_cast<std::ptrdiff_t>(ofFile_),
                     [&](const Error& mistake) {
                       std::string_view path = mistake.settingPath;
                       if (path.starts_with(here)) path.remove_prefix(here.size());
                       return samePlace(mistake.position, later.position) ||
                              (!later.settingPath.empty() && isWithin(path, later.settingPath));
                     });
}

void FileMistakes::add(Errors later) {
  for (Error& error : later) {
    if (!followsFromAnother(error)) told_.push_back(std::move(error));
  }
}

Errors FileMistakes::take() && {
  const auto place = [this](const Error& error) {
    const int file = !error.position.known() ? 2 : error.position.file != project_.file ? 1 : 0;
    return std::tuple(file, file == 0 ? error.position.line : 0, file == 0 ? error.position.column : 0);
  };
  std::stable_sort(told_.begin(), told_.end(),
                   [&](const Error& a, const Error& b) { return place(a) < place(b); });
  return std::move(told_);
}

}  // namespace cairn::host
