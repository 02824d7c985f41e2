#include "entrypoint/supervise/app_process.h"

#include <cairn/base/reset_signals.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace cairn::entrypoint {
namespace {

[[noreturn]] void giveUp(const std::string& what) {
  const int why = errno;
  ::dprintf(STDERR_FILENO, "cairn-supervise: can't %s: %s\n", what.c_str(), std::strerror(why));
  ::_exit(why == ENOENT ? 127 : 126);
}

std::vector<char*> pointersTo(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (const std::string& text : strings) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

// Puts `fds` at 0, 1 and 2. Each is first copied out of the way, as one may sit where another belongs.
void placeDescriptors(const int (&fds)[3]) {
  int copies[3];
  for (int i = 0; i < 3; ++i) {
    const int source = fds[i] >= 0 ? fds[i] : ::open("/dev/null", O_RDWR);
    copies[i] = ::fcntl(source, F_DUPFD, 10);
  }
  for (int i = 0; i < 3; ++i) ::dup2(copies[i], i);
  ::close_range(3, ~0U, 0);
}

// A session's leader leads a group too, and may not have been made a group's leader before.
void leadGroup(int input, bool atTerminal) {
  if (!atTerminal) {
    ::setpgid(0, 0);
    return;
  }
  ::setsid();
  ::ioctl(input, TIOCSCTTY, 0);  // fails where another session has it; the command can do without
}

[[noreturn]] void becomeCommand(const Launch& what, bool atTerminal, pid_t parent) {
  leadGroup(what.input, atTerminal);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  resetSignals();
  placeDescriptors({what.input, what.output, what.errors});
  if (!what.folder.empty() && ::chdir(what.folder.c_str()) != 0) giveUp("enter " + what.folder);
  std::vector<char*> environment = pointersTo(what.environment);
  std::vector<char*> command = pointersTo(what.command);
  environ = environment.data();
  ::execvp(command[0], command.data());
  giveUp("run " + what.command[0]);
}

}  // namespace

Result<pid_t> launch(const Launch& what) {
  const bool atTerminal = what.input >= 0 && ::isatty(what.input);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) becomeCommand(what, atTerminal, parent);
  if (pid < 0)
    return Error{.kind = ErrorKind::Failed,
                 .code = "process-not-started",
                 .message = "can't start a process for " + what.command[0] + ": " + std::strerror(errno),
                 .hint = "this user or machine may have too many processes"};
  if (!atTerminal) ::setpgid(pid, pid);  // in both, so that neither has to wait for the other
  return pid;
}

int shellCode(int waitStatus) {
  return WIFSIGNALED(waitStatus) ? 128 + WTERMSIG(waitStatus) : WEXITSTATUS(waitStatus);
}

}  // namespace cairn::entrypoint
