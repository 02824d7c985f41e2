#include "host/broker/catalog.h"

#include <algorithm>
#include <set>

namespace cairn::host {
namespace fs = std::filesystem;
namespace {

// How many letters must be changed, added or dropped.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

Result<Bundle> PluginCatalog::locate(const std::string& name) const {
  if (auto found = overrides_.find(name); found != overrides_.end()) return openBundle(name, found->second);
  std::error_code ignored;
  for (const auto& folder : folders_) {
    if (fs::exists(folder / name / ("cairn-plugin-" + name), ignored)) return openBundle(name, folder / name);
  }
  Error error{ErrorKind::Config, "plugin-unknown", "there is no plugin \"" + name + "\"", {}, {}};
  auto names = installed();
  auto nearest = std::min_element(names.begin(), names.end(), [&](const auto& a, const auto& b) {
    return distance(a, name) < distance(b, name);
  });
  if (nearest != names.end() && distance(*nearest, name) <= 2) {
    error.hint = "did you mean \"" + *nearest + "\"?";
  } else {
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
