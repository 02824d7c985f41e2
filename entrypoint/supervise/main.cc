// cairn-supervise: keeps an app running, and answers for it on a socket.

#include "entrypoint/arguments.h"
#include "entrypoint/control_client.h"
#include "entrypoint/descriptor.h"
#include "entrypoint/supervise/supervisor.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace cairn::entrypoint {
namespace {

constexpr char kUsage[] =
    "cairn-supervise --name NAME --state FILE --log FILE --control PATH [--restart always|on-failure|never]\n"
    "                [--backoff-max SECONDS] [--grace SECONDS] [--log-limit BYTES] [--cwd DIR] [--env-fd N]\n"
    "                -- COMMAND ARGS...\n"
    "cairn-supervise status --control PATH\n"
    "cairn-supervise stop --control PATH\n"
    "cairn-supervise exec --control PATH -- COMMAND ARGS...\n";

constexpr char kProgram[] = "cairn-supervise";

// `exec` itself failed, as opposed to the command it was to run.
constexpr int kExecFailed = 125;

Result<RestartPolicy> restartPolicy(const std::string& name) {
  if (name == "always") return RestartPolicy::Always;
  if (name == "on-failure") return RestartPolicy::OnFailure;
  if (name == "never") return RestartPolicy::Never;
  return usageError("--restart can't be '" + name + "'", "always, on-failure or never");
}

// KEY=VALUE strings, each ended by a zero byte, up to the end of `fd`, which is then closed.
Result<std::vector<std::string>> environmentFrom(int fd) {
  const Descriptor source(fd);
  std::string text;
  char buffer[4096];
  ssize_t n = 0;
  while ((n = ::read(fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0) text.append(buffer, static_cast<size_t>(n));
  if (n < 0) return usageError("can't read --env-fd " + std::to_string(fd) + ": " + std::strerror(errno));
  std::vector<std::string> out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\0', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::vector<std::string> inheritedEnvironment() {
  std::vector<std::string> out;
  for (char** entry = environ; *entry; ++entry) out.emplace_back(*entry);
  return out;
}

Result<int> runSupervisor(std::span<char* const> args) {
  const Arguments given =
      CAIRN_TRY(Arguments::parse(args, {"name", "state", "log", "control", "restart", "backoff-max", "grace",
                                        "log-limit", "cwd", "env-fd"}));
  SuperviseOptions options;
  options.name = CAIRN_TRY(given.require("name"));
  options.stateFile = CAIRN_TRY(given.require("state"));
  options.logFile = CAIRN_TRY(given.require("log"));
  options.controlPath = CAIRN_TRY(given.require("control"));
  options.restart = CAIRN_TRY(restartPolicy(given.find("restart").value_or("always")));
  options.backoffMax = CAIRN_TRY(given.seconds("backoff-max", options.backoffMax));
  options.grace = CAIRN_TRY(given.seconds("grace", options.grace));
  options.logLimitBytes =
      static_cast<size_t>(CAIRN_TRY(given.number("log-limit", static_cast<int>(options.logLimitBytes))));
  options.folder = given.find("cwd").value_or("");
  const int environmentFd = CAIRN_TRY(given.number("env-fd", -1));
  options.environment =
      environmentFd < 0 ? inheritedEnvironment() : CAIRN_TRY(environmentFrom(environmentFd));
  options.command = given.command();
  if (options.command.empty()) return usageError("the command is missing", "put it after --");
  return supervise(std::move(options));
}

Result<int> ask(const char* command, std::span<char* const> args) {
  const Arguments given = CAIRN_TRY(Arguments::parse(args, {"control"}));
  const std::string control = CAIRN_TRY(given.require("control"));
  const FlatJson answer = CAIRN_TRY(askControl(control, FlatJson().setText("command", command)));
  std::printf("%s\n", answer.line().c_str());
  return 0;
}

Result<int> exec(std::span<char* const> args) {
  const Arguments given = CAIRN_TRY(Arguments::parse(args, {"control"}));
  const std::string control = CAIRN_TRY(given.require("control"));
  if (given.command().empty()) return usageError("the command is missing", "put it after --");
  FlatJson request;
  request.setText("command", "exec").setList("argv", given.command());
  if (::isatty(STDOUT_FILENO)) {
    const char* terminal = std::getenv("TERM");
    request.setList("environment", {std::string("TERM=") + (terminal && *terminal ? terminal : "xterm")});
  }
  const int own[] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
  const FlatJson answer = CAIRN_TRY(askControl(control, request, own));
  return static_cast<int>(answer.findNumber("exitCode").value_or(kExecFailed));
}

int main(std::span<char* const> args) {
  const std::string_view mode = args.empty() ? "" : args[0];
  if (mode.empty() || mode == "--help") {
    std::fputs(kUsage, mode.empty() ? stderr : stdout);
    return mode.empty() ? 2 : 0;
  }
  Result<int> code = 0;
  if (mode == "status" || mode == "stop") {
    code = ask(args[0], args.subspan(1));
  } else if (mode == "exec") {
    code = exec(args.subspan(1));
    if (!code) {
      reportError(kProgram, code.error());
      return kExecFailed;
    }
  } else {
    code = runSupervisor(args);
  }
  return code ? *code : reportError(kProgram, code.error());
}

}  // namespace
}  // namespace cairn::entrypoint

int main(int argc, char** argv) {
  // A descriptor that is missing would be taken by the first file opened.
  for (int fd : {0, 1, 2})
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", O_RDWR);
  return cairn::entrypoint::main({argv + 1, argv + argc});
}
