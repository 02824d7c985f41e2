#include "port_in_use.h"

#include "app_folder.h"
#include "ports.h"
#include "process_facts.h"
#include "route.h"

#include <filesystem>

namespace cairn::plugins::local {
namespace fs = std::filesystem;
namespace {

// What of ours has a port, and of which app.
struct Owner {
  std::string name;  // "web v2"
  RouteKey app;
};

std::string programOf(int pid) {
  std::error_code unreadable;
  return fs::read_symlink("/proc/" + std::to_string(pid) + "/exe", unreadable).filename();
}

// Pids are used again: what a state file names must still be a supervisor.
bool isSupervisor(int pid) {
  return pid > 1 && programOf(pid).starts_with("cairn-supervise");
}

std::optional<Owner> ownerOf(const Call& call, int pid) {
  if (auto key = routeOfProxy(call, pid)) return Owner{"the address of " + key->app, std::move(*key)};
  std::error_code failure;
  for (fs::directory_iterator entry(call.dataDir() / "apps", failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const AppFolder folder(call, entry->path().filename());
    const auto state = folder.lastState();
    if (!state || !isSupervisor(state->supervisor) || !descendsFrom(pid, state->supervisor)) continue;
    const auto origin = folder.origin();
    if (!origin) return std::nullopt;
    return Owner{origin->app + " v" + std::to_string(origin->sequence),
                 {origin->project, origin->app, origin->workspace}};
  }
  return std::nullopt;
}

}  // namespace

Error portInUse(const Call& call, std::uint16_t port, const std::string& hint) {
  Error error{.kind = ErrorKind::Failed,
              .code = "local/port-in-use",
              .message = "port " + std::to_string(port) + " is taken",
              .hint = hint};
  const auto holder = findPortHolder(port);
  if (!holder) return error;
  const std::string program = holder->program.empty() ? "process" : holder->program;
  const std::string pid = "pid " + std::to_string(holder->pid);
  if (const auto owner = ownerOf(call, holder->pid)) {
    const RouteKey& app = owner->app;
    error.message += " by " + owner->name + " of " + app.project + ", workspace " + app.workspace + " (" +
                     program + ", " + pid + ")";
    if (!hint.empty())
      error.hint += ", or first remove what has it: cairn destroy --app " + app.app + " --workspace " +
                    app.workspace + " (in the project " + app.project + ")";
  } else {
    error.message += " by " + program + " (" + pid + ")";
    if (!hint.empty()) error.hint += ", or end the process that has it";
  }
  return error;
}

}  // namespace cairn::plugins::local
