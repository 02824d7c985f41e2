#include "route.h"

#include "app_folder.h"
#include "child_process.h"
#include "port_in_use.h"
#include "ports.h"
#include "process_facts.h"

#include <cairn/base/replace_file.h>

#include <nlohmann/json.hpp>

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace cairn::plugins::local {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr char kRouteFile[] = "route.json";
constexpr milliseconds kProxyStart{5000};
constexpr milliseconds kLook{5};
constexpr milliseconds kProxyEnd{10'000};  // it lets requests end for 8 s

// As a file's name: one that no other text has.
std::string escaped(const std::string& text) {
  std::string out;
  for (const unsigned char c : text) {
    char code[4] = {static_cast<char>(c), 0};
    if (!std::isalnum(c) && c != '-' && c != '_') std::snprintf(code, sizeof code, "%%%02X", c);
    out += code;
  }
  return out.empty() ? "%" : out;
}

nlohmann::json readJson(const fs::path& path) {
  std::ifstream file(path);
  auto object = nlohmann::json::parse(file, nullptr, false);
  return object.is_object() ? object : nlohmann::json::object();
}

Error proxyFailed(const std::string& what, const std::string& detail) {
  return Error{.kind = ErrorKind::Failed,
               .code = "local/proxy-failed",
               .message = "the proxy " + what,
               .hint = "release again; the deployment that served keeps serving as long as its proxy runs",
               .detail = detail};
}

std::string textOf(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

Route::Route(const Call& call, const RouteKey& key)
    : root_(call.dataDir() / "routes"),
      folder_(root_ / escaped(key.project) / escaped(key.app) / escaped(key.workspace)),
      name_(escaped(key.project) + "." + escaped(key.app) + "." + escaped(key.workspace)) {
  const auto object = readJson(folder_ / kRouteFile);
  port = object.value("port", std::uint16_t{0});
  turn = object.value("turn", std::uint64_t{0});
  pid = object.value("pid", 0);
  startTime = object.value("startTime", std::uint64_t{0});
  output = object.value("output", std::string());
}

Result<void> Route::save() const {
  std::error_code failure;
  fs::create_directories(folder_, failure);
  const std::string file = folder_ / kRouteFile;
  const nlohmann::json object = {
      {"port", port}, {"turn", turn}, {"pid", pid}, {"startTime", startTime}, {"output", output}};
  if (!failure && replaceFile(file, object.dump())) return {};
  return Error{.kind = ErrorKind::Failed,
               .code = "local/folder-not-made",
               .message = "can't write " + file + ": " + (failure ? failure.message() : std::strerror(errno)),
               .hint = "Cairn's state folder must be writable"};
}

Result<void> Route::remove() const {
  std::error_code failure;
  fs::remove_all(folder_, failure);
  if (failure)
    return Error{.kind = ErrorKind::Failed,
                 .code = "local/folder-not-removed",
                 .message = "can't remove " + folder_.string() + ": " + failure.message(),
                 .hint = "remove it by hand; nothing uses it any more"};
  if (!output.empty()) fs::remove(output, failure);
  // The folders above, as far as no other route is in them.
  for (fs::path above = folder_.parent_path(); above != root_ && fs::remove(above, failure);
       above = above.parent_path())
    continue;
  return {};
}

std::string Route::url() const {
  return "http://" + std::string(kLoopback) + ":" + std::to_string(port);
}

std::optional<ProxyStatus> Route::liveProxy(const Call& call) const {
  if (!fs::exists(control())) return std::nullopt;
  const auto answer =
      runProgram({bundledProgram(call, "cairn-proxy"), "status", "--control", control()}, call.cancelFd());
  if (!answer || answer->exitCode != 0) return std::nullopt;
  const auto object = nlohmann::json::parse(answer->output, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  const auto text = [&](const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  return ProxyStatus{text("address"), text("backend"), text("deployment")};
}

Result<void> Route::ensureProxy(const Call& call, std::uint16_t wantedPort) {
  const bool moves = wantedPort != 0 && wantedPort != port;
  if (liveProxy(call)) {
    if (!moves) return {};
    // Looked at first: the old address must not be given up for one that can't be had.
    CAIRN_TRY(choosePort(call, wantedPort));
    CAIRN_TRY(stopProxy(call));
  }
  return startProxy(call, wantedPort);
}

Result<std::uint16_t> Route::choosePort(const Call& call, std::uint16_t wantedPort) const {
  if (wantedPort != 0) {
    if (isPortFree(wantedPort)) return wantedPort;
    Error error = portInUse(call, wantedPort, kChooseAnotherPort);
    error.settingPath = "port";
    return error;
  }
  if (port != 0 && isPortFree(port)) return port;
  const std::uint16_t chosen = CAIRN_TRY(chooseFreePort());
  if (port != 0)
    call.log(LogLevel::Warn, portInUse(call, port, {}).message +
                                 ", which was the app's address; it moves to port " + std::to_string(chosen));
  return chosen;
}

Result<void> Route::startProxy(const Call& call, std::uint16_t wantedPort) {
  port = CAIRN_TRY(choosePort(call, wantedPort));
  CAIRN_TRY(save());
  Step step = call.step("Opening " + url());
  auto opened = openProxy(call);
  if (!opened) step.fail();
  return opened;
}

Result<void> Route::openProxy(const Call& call) {
  const ServiceProcess process =
      CAIRN_TRY(call.startService({.name = service(),
                                   .argv = {bundledProgram(call, "cairn-proxy"), "serve", "--listen",
                                            std::string(kLoopback) + ":" + std::to_string(port), "--control",
                                            control(), "--state", folder_ / "state.json"},
                                   .environment = {},
                                   .input = {}}));
  pid = process.pid;
  startTime = process.startTime;
  output = process.output;
  CAIRN_TRY(save());
  return waitForProxy(call);
}

Result<void> Route::waitForProxy(const Call& call) const {
  const auto end = Clock::now() + kProxyStart;
  while (!liveProxy(call)) {
    const auto facts = processFacts(pid);
    if (!facts || facts->startTime != startTime) {
      // Somebody may have taken the port since it was chosen.
      if (!isPortFree(port)) return portInUse(call, port, "release again");
      return proxyFailed("ended as soon as it was started", textOf(output));
    }
    if (Clock::now() >= end) return proxyFailed("does not answer", textOf(output));
    if (call.sleep(kLook)) return call.cancelledError();
  }
  return {};
}

Result<void> Route::switchTo(const Call& call, const std::string& backend, const std::string& deployment,
                             std::uint32_t drainTimeoutMs) const {
  char drain[32];
  std::snprintf(drain, sizeof drain, "%u.%03u", drainTimeoutMs / 1000, drainTimeoutMs % 1000);
  const ProgramAnswer answer =
      CAIRN_TRY(runProgram({bundledProgram(call, "cairn-proxy"), "switch", "--control", control(),
                            "--backend", backend, "--deployment", deployment, "--drain-timeout", drain},
                           call.cancelFd()));
  if (call.cancelled()) return call.cancelledError();
  if (answer.exitCode != 0) return proxyFailed("did not switch to " + backend, answer.errors);
  const auto object = nlohmann::json::parse(answer.output, nullptr, false);
  if (object.is_object() && !object.value("drained", true))
    call.log(LogLevel::Warn, "after the drain timeout " + std::to_string(object.value("left", 0)) +
                                 " requests still run at the deployment before, and " +
                                 std::to_string(object.value("cut", 0)) +
                                 " upgraded connections were closed");
  return {};
}

Result<void> Route::stopProxy(const Call& call) {
  // A crash may have come before its output was written down here.
  if (const auto found = CAIRN_TRY(call.findService(service())); found && output.empty())
    output = found->output;
  // Known to the journal of the release that started it; any other release ends it by pid and start time.
  CAIRN_TRY(call.stopService(service(), kProxyEnd));
  if (pid != 0) endProcess(pid, startTime, kProxyEnd);
  return {};
}

std::optional<RouteKey> routeOfProxy(const Call& call, int pid) {
  std::error_code failure;
  for (fs::recursive_directory_iterator entry(call.dataDir() / "routes", failure), end;
       !failure && entry != end; entry.increment(failure))
    if (entry->path().filename() == kRouteFile && readJson(entry->path()).value("pid", 0) == pid) {
      // Names of projects, apps and workspaces hold nothing that is escaped.
      const fs::path workspace = entry->path().parent_path(), app = workspace.parent_path();
      return RouteKey{app.parent_path().filename(), app.filename(), workspace.filename()};
    }
  return std::nullopt;
}

}  // namespace cairn::plugins::local
