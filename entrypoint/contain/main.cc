// cairn-contain: runs a command so that nothing of it outlives whoever wanted it.
//
// cairn-contain PROGRAM ARGS... runs the command with our stdin, stdout, stderr, folder and environment, as
// the leader of a process group of its own, and ends as it did: with its exit code, or by its signal. What is
// left of its group is killed then; what it moved into another group or session lives on.
//
// SIGTERM ends the command and all that ever came from it, whatever session that is in: every orphan among
// its descendants becomes a child of this process. The host that starts it has that signal sent at its own
// death too.
//
// Descriptor 3 takes one int, when the command runs or can't: 0, or the errno of its exec.

#include "entrypoint/own_children.h"

#include <cairn/base/reset_signals.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace cairn::entrypoint {
namespace {

constexpr int kStartReport = 3;
constexpr int kNotStarted = 125;

// A process that a full disk or a dead network share keeps in the kernel dies when it leaves that.
constexpr auto kLongestKill = std::chrono::seconds(2);
// What runs as another user can't be killed. One round alone may miss a process that changes its parent
// meanwhile.
constexpr int kRoundsSpared = 20;

[[noreturn]] void becomeCommand(char** command, pid_t container, int report) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != container) ::_exit(kNotStarted);
  resetSignals();
  ::execv(command[0], command);
  const int why = errno;
  [[maybe_unused]] const ssize_t told = ::write(report, &why, sizeof why);
  ::_exit(kNotStarted);
}

// 0, or why there is no process that runs the command.
int start(char** command, pid_t& pid) {
  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0) return errno;
  const pid_t self = ::getpid();
  pid = ::fork();
  if (pid == 0) becomeCommand(command, self, report[1]);
  const int failedFork = pid < 0 ? errno : 0;
  ::close(report[1]);
  if (failedFork != 0) return failedFork;
  ::setpgid(pid, pid);  // in both, so that neither has to wait for the other
  int why = 0;
  if (::read(report[0], &why, sizeof why) != sizeof why) why = 0;
  ::close(report[0]);
  return why;
}

// Readers of what the command prints see its end, not ours.
void releaseStreams() {
  const int null = ::open("/dev/null", O_RDWR);
  for (int fd : {0, 1, 2}) ::dup2(null, fd);
  ::close(null);
}

// Only direct children are killed: no id of theirs can have become a stranger's. Theirs are ours in the next
// round.
void killDescendants() {
  const auto until = std::chrono::steady_clock::now() + kLongestKill;
  for (int spared = 0; spared < kRoundsSpared && std::chrono::steady_clock::now() < until; ++spared) {
    for (pid_t child : ownChildren())
      if (::kill(child, SIGKILL) == 0) spared = 0;
    pid_t reaped = 0;
    while ((reaped = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
    }
    if (reaped < 0) return;  // there are no children any more
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// Whether the command ended; its group is killed while its id is still taken.
bool reapUntil(pid_t command, int& status) {
  siginfo_t ended{};
  while (::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0) {
    if (ended.si_pid == command) ::kill(-command, SIGKILL);
    ::waitpid(ended.si_pid, &status, 0);
    if (ended.si_pid == command) return true;
    ended.si_pid = 0;
  }
  return false;
}

int endAs(int status) {
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  const rlimit nothing{0, 0};
  ::setrlimit(RLIMIT_CORE, &nothing);  // the command has left one, if it was to
  resetSignals();
  ::raise(WTERMSIG(status));
  return 128 + WTERMSIG(status);
}

int contain(char** command) {
  sigset_t awaited;
  ::sigemptyset(&awaited);
  for (int signal : {SIGTERM, SIGCHLD}) ::sigaddset(&awaited, signal);
  ::sigprocmask(SIG_BLOCK, &awaited, nullptr);
  ::fcntl(kStartReport, F_SETFD, FD_CLOEXEC);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);

  pid_t pid = 0;
  const int why = start(command, pid);
  [[maybe_unused]] const ssize_t told = ::write(kStartReport, &why, sizeof why);
  ::close(kStartReport);
  if (why != 0) return kNotStarted;
  releaseStreams();
  int status = 0;
  while (!reapUntil(pid, status)) {
    if (::sigwaitinfo(&awaited, nullptr) != SIGTERM) continue;
    killDescendants();
    return 128 + SIGTERM;
  }
  return endAs(status);
}

}  // namespace
}  // namespace cairn::entrypoint

int main(int argc, char** argv) {
  if (argc < 2) return cairn::entrypoint::kNotStarted;
  return cairn::entrypoint::contain(argv + 1);
}
