#include "app_folder.h"

#include "child_process.h"

#include <cairn/file_tree.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace cairn::plugins::local {
namespace fs = std::filesystem;
namespace {

constexpr char kOriginFile[] = "origin.json";

template <typename T>
std::optional<T> find(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return found->get<T>();
}

std::optional<AppState> parseState(const std::string& text) {
  const auto object = nlohmann::json::parse(text, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  AppState out;
  out.state = find<std::string>(object, "state").value_or("");
  out.supervisor = find<int>(object, "pid").value_or(0);
  out.child = find<int>(object, "child").value_or(0);
  out.restarts = find<std::int64_t>(object, "restarts").value_or(0);
  out.exitCode = find<int>(object, "exitCode");
  out.signal = find<int>(object, "signal");
  return out;
}

}  // namespace

std::string AppState::howItEnded() const {
  if (signal) return "was ended by signal " + std::to_string(*signal);
  if (exitCode) return "exited with code " + std::to_string(*exitCode);
  return "has not ended";
}

AppFolder::AppFolder(const Call& call, const std::string& shortId)
    : path_(call.dataDir() / "apps" / shortId) {
  CAIRN_ASSERT(!shortId.empty());
}

void AppFolder::setOrigin(const AppOrigin& origin) const {
  std::ofstream(path_ / kOriginFile) << nlohmann::json{{"project", origin.project},
                                                       {"app", origin.app},
                                                       {"workspace", origin.workspace},
                                                       {"sequence", origin.sequence}};
}

std::optional<AppOrigin> AppFolder::origin() const {
  std::ifstream file(path_ / kOriginFile);
  const auto object = nlohmann::json::parse(file, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  return AppOrigin{find<std::string>(object, "project").value_or(""),
                   find<std::string>(object, "app").value_or(""),
                   find<std::string>(object, "workspace").value_or(""),
                   find<std::uint32_t>(object, "sequence").value_or(0)};
}

std::optional<AppState> AppFolder::lastState() const {
  std::ifstream file(stateFile());
  return parseState({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
}

Result<std::optional<AppState>> AppFolder::liveState(const Call& call) const {
  if (!fs::exists(control())) return std::optional<AppState>();
  const auto answer = CAIRN_TRY(runProgram(
      {bundledProgram(call, "cairn-supervise"), "status", "--control", control()}, call.cancelFd()));
  return answer.exitCode == 0 ? parseState(answer.output) : std::nullopt;
}

void AppFolder::stop(const Call& call) const {
  if (!fs::exists(control())) return;
  // Not ended by a cancel: this is also how a cancelled deploy cleans up. The app's grace bounds it.
  (void)runProgram({bundledProgram(call, "cairn-supervise"), "stop", "--control", control()}, -1);
}

Result<void> AppFolder::remove() const {
  auto removed = removeFiles(path_);
  if (removed) return {};
  Error error = std::move(removed).error();
  error.code = "local/folder-not-removed";
  error.hint = "remove it by hand; nothing uses it any more";
  return error;
}

std::string bundledProgram(const Call& call, const char* name) {
  return call.bundleDir() / name;
}

}  // namespace cairn::plugins::local
