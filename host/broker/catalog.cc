#include "host/broker/catalog.h"

#include <cairn/base/near_names.h>

#include <set>

namespace cairn::host {
namespace fs = std::filesystem;

Result<Bundle> PluginCatalog::locate(const std::string& name) const {
  if (auto found = overrides_.find(name); found != overrides_.end()) return openBundle(name, found->second);
  std::error_code ignored;
  for (const auto& folder : folders_) {
    if (fs::exists(folder / name / ("cairn-plugin-" + name), ignored)) return openBundle(name, folder / name);
  }
  Error error{ErrorKind::Config, "plugin-unknown", "there is no plugin \"" + name + "\"", {}, {}};
  auto names = installed();
  error.hint = nearNameHint(name, names);
  if (error.hint.empty()) {
    error.hint = "installed are:";
    for (const auto& known : names) error.hint += " " + known;
    error.hint += "; a plugin of your own needs [plugins." + name + "] with its path";
  }
  return error;
}

std::vector<std::string> PluginCatalog::installed() const {
  std::set<std::string> names;
  for (const auto& [name, path] : overrides_) names.insert(name);
  for (const auto& folder : folders_) {
    std::error_code failure;
    for (fs::directory_iterator it(folder, failure), end; !failure && it != end; it.increment(failure)) {
      std::error_code ignored;
      std::string name = it->path().filename().string();
      if (fs::exists(it->path() / ("cairn-plugin-" + name), ignored)) names.insert(name);
    }
  }
  return {names.begin(), names.end()};
}

fs::path PluginCatalog::builtinFolder() {
  std::error_code failure;
  fs::path self = fs::read_symlink("/proc/self/exe", failure);
  return self.parent_path().parent_path() / "lib/cairn/plugins";
}

}  // namespace cairn::host
