#pragma once
// The folder of one deployment in the plugin's data: what its supervisor writes there, and asking the
// supervisor.
//
//   <data>/apps/<shortId>/   origin.json   state.json   app.log, app.log.1   control (a socket)   files/

#include <cairn/call.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace cairn::plugins::local {

// What cairn-supervise tells about the app.
struct AppState {
  std::string state;   // running, backoff, stopping, stopped, failed
  int supervisor = 0;  // pids
  int child = 0;       // 0 while the app doesn't run
  std::int64_t restarts = 0;
  std::optional<int> exitCode;  // how its last run ended: one of these, or none before that
  std::optional<int> signal;

  bool everEnded() const { return exitCode || signal; }
  std::string howItEnded() const;  // "exited with code 3", "was ended by signal 11"
};

// Which deployment it is, for whoever finds the folder or what runs from it.
struct AppOrigin {
  std::string project;
  std::string app;
  std::string workspace;
  std::uint32_t sequence = 0;
};

class AppFolder {
 public:
  AppFolder(const Call& call, const std::string& shortId);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path stateFile() const { return path_ / "state.json"; }
  std::filesystem::path logFile() const { return path_ / "app.log"; }
  std::filesystem::path control() const { return path_ / "control"; }
  // The app's own copy of what was built. A deployment of an earlier version has none: it runs where that
  // was.
  std::filesystem::path files() const { return path_ / "files"; }

  // Kept for people and messages alone: that it can't be written is no error.
  void setOrigin(const AppOrigin& origin) const;
  std::optional<AppOrigin> origin() const;
  // The state file: true when it was written, maybe not any more. None when there is no such file yet.
  std::optional<AppState> lastState() const;
  // What the living supervisor says; none when it doesn't run. Errors: local/helper-failed.
  Result<std::optional<AppState>> liveState(const Call& call) const;
  // Asks the supervisor to stop the app and waits until it has; nothing when it doesn't run.
  void stop(const Call& call) const;
  // Removes it with all it holds; it may be gone already. Errors: local/folder-not-removed.
  Result<void> remove() const;

 private:
  std::filesystem::path path_;
};

// Where cairn-supervise and cairn-proxy are.
std::string bundledProgram(const Call& call, const char* name);

}  // namespace cairn::plugins::local
