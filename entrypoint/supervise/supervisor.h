#pragma once
// Runs an app's command until it is told to stop: starts it again when it ends, keeps its log and its state
// file, leaves none of its processes behind, and runs commands beside it with its environment.
//
// Requests on the control socket (entrypoint/control_client.h has the wire form):
//
//   {"command":"status"}   the state file's members (below) and "ok"
//   {"command":"stop"}     ends the app and everything it started, answers the same once it is gone, then
//   exits
//   {"command":"exec","argv":["sh","-c","…"],"environment":["TERM=xterm"]}
//                          with three descriptors (SCM_RIGHTS, on the first byte): the command's stdin,
//                          stdout, stderr; a terminal as stdin becomes its controlling one. Answers
//                          {"ok":true,"exitCode":7} when it has ended, 128 + signal where a signal ended it.
//                          "environment" is added to the app's own. A client that goes away ends the command.
//
// The state file, one flat JSON object:
//
//   name, state    starting (and nothing else yet) | running | backoff | stopping
//                  | stopped (told to, or ended well) | failed (ended badly, not restarted)
//   pid, child     the supervisor's and the app's process; child is null while the app does not run
//   startedAt      when the app's last run began
//   restarts       how often it was started again
//   exitCode, signal   how its last run ended; both null before that, one null after it
//   log, control   the paths it was given

#include "entrypoint/flat_json.h"

#include <chrono>
#include <string>
#include <vector>

namespace cairn::entrypoint {

enum class RestartPolicy { Always, OnFailure, Never };

struct SuperviseOptions {
  std::string name;
  std::string stateFile;
  std::string logFile;
  std::string controlPath;
  RestartPolicy restart = RestartPolicy::Always;
  std::chrono::milliseconds backoffMax{30'000};
  std::chrono::milliseconds grace{10'000};  // between SIGTERM and SIGKILL
  size_t logLimitBytes = 10 * 1024 * 1024;
  std::string folder;
  std::vector<std::string> environment;
  std::vector<std::string> command;
};

// Supervises until the app is stopped or ends for good, in this thread; it takes over the process's signals
// and becomes the reaper of its descendants. The exit code: 0 when it was stopped, else the app's own.
// Errors: those of listenControl(), replaceFile() and LogFile::open(); then nothing was started.
Result<int> supervise(SuperviseOptions options);

}  // namespace cairn::entrypoint
