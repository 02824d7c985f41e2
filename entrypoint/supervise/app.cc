#include "entrypoint/supervise/app.h"

#include "entrypoint/atomic_file.h"
#include "entrypoint/own_children.h"
#include "entrypoint/supervise/app_process.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace cairn::entrypoint {
namespace {

using std::chrono::milliseconds;

// After SIGKILL, how often to look for what it has not reached yet.
constexpr milliseconds kKillAgain{100};

bool contains(const std::vector<pid_t>& pids, pid_t pid) {
  return std::find(pids.begin(), pids.end(), pid) != pids.end();
}

std::string howItEnded(int status) {
  if (WIFSIGNALED(status)) return "was ended by signal " + std::to_string(WTERMSIG(status));
  return "exited with code " + std::to_string(WEXITSTATUS(status));
}

std::string inSeconds(milliseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(time.count()) / 1000);
  return text;
}

}  // namespace

App::App(const SuperviseOptions& options, LogFile& log, int output, int errors)
    : options_(options), log_(log), output_(output), errors_(errors), backoff_(options.backoffMax) {}

void App::start() {
  began_ = Clock::now();
  startedAt_ = timeText();
  const auto pid = launch({.command = options_.command,
                           .environment = options_.environment,
                           .folder = options_.folder,
                           .output = output_,
                           .errors = errors_});
  if (!pid) {
    log_.writeLine("err", "cairn-supervise: " + pid.error().message);
    lastStatus_.reset();
    lastCode_ = 126;
    afterRun();
    return;
  }
  pid_ = group_ = *pid;
  enter(Phase::Running, std::nullopt);
}

void App::stop() {
  if (phase_ == Phase::Stopping || phase_ == Phase::Ended) return;
  stopped_ = true;
  enter(Phase::Stopping, Clock::now());
}

bool App::noteExit(pid_t pid, int waitStatus) {
  if (pid != pid_) return false;
  pid_ = 0;
  lastStatus_ = waitStatus;
  lastCode_ = shellCode(waitStatus);
  if (phase_ == Phase::Running) enter(Phase::Clearing, Clock::now());
  return true;
}

void App::advance(const std::vector<pid_t>& guests) {
  const bool due = due_ && Clock::now() >= *due_;
  if (phase_ == Phase::Backoff && due) {
    ++restarts_;
    start();
    return;
  }
  if (phase_ != Phase::Clearing && phase_ != Phase::Stopping) return;
  if (!anythingLeft(guests)) {
    group_ = 0;
    if (phase_ == Phase::Stopping)
      enter(Phase::Ended, std::nullopt);
    else
      afterRun();
    return;
  }
  if (!due) {
    if (asked_) signalChildren(SIGTERM, guests);
    return;
  }
  signalAll(asked_ ? SIGKILL : SIGTERM, guests);
  due_ = Clock::now() + (asked_ ? kKillAgain : options_.grace);
  asked_ = true;
}

void App::afterRun() {
  const bool again = options_.restart == RestartPolicy::Always ||
                     (options_.restart == RestartPolicy::OnFailure && lastCode_ != 0);
  const std::string ended = "cairn-supervise: " + (lastStatus_ ? howItEnded(*lastStatus_) : "did not start");
  if (!again) {
    if (lastCode_ != 0) log_.writeLine("err", ended);
    enter(Phase::Ended, std::nullopt);
    return;
  }
  const milliseconds ran = std::chrono::duration_cast<milliseconds>(Clock::now() - began_);
  const milliseconds wait = backoff_.next(ran);
  log_.writeLine("err", ended + " after " + inSeconds(ran) + ", starting it again in " + inSeconds(wait));
  enter(Phase::Backoff, Clock::now() + wait);
}

void App::enter(Phase phase, std::optional<Clock::time_point> due) {
  phase_ = phase;
  due_ = due;
  asked_ = false;
  writeState();
}

bool App::anythingLeft(const std::vector<pid_t>& guests) const {
  if (pid_ != 0 || (group_ != 0 && ::kill(-group_, 0) == 0)) return true;
  if (phase_ == Phase::Stopping && !guests.empty()) return true;
  for (pid_t child : ownChildren())
    if (!contains(guests, child)) return true;
  return false;
}

void App::signalAll(int signal, const std::vector<pid_t>& guests) {
  if (group_ != 0) ::kill(-group_, signal);
  signalled_.clear();
  signalChildren(signal, guests);
}

void App::signalChildren(int signal, const std::vector<pid_t>& guests) {
  for (pid_t child : ownChildren()) {
    if (!signalled_.insert(child).second) continue;
    if (!contains(guests, child)) {
      if (::getpgid(child) != group_) ::kill(child, signal);
    } else if (phase_ == Phase::Stopping) {
      ::kill(-child, signal);  // a guest leads its group
    }
  }
}

FlatJson App::state() const {
  const char* name = "running";
  if (phase_ == Phase::Backoff || phase_ == Phase::Clearing) name = "backoff";
  if (phase_ == Phase::Stopping) name = "stopping";
  if (phase_ == Phase::Ended) name = stopped_ || lastCode_ == 0 ? "stopped" : "failed";
  FlatJson out;
  out.setText("name", options_.name).setText("state", name).setNumber("pid", ::getpid());
  pid_ != 0 ? out.setNumber("child", pid_) : out.setNull("child");
  out.setText("startedAt", startedAt_).setNumber("restarts", restarts_).setNull("exitCode").setNull("signal");
  if (lastStatus_ && WIFSIGNALED(*lastStatus_)) out.setNumber("signal", WTERMSIG(*lastStatus_));
  if (lastStatus_ && WIFEXITED(*lastStatus_)) out.setNumber("exitCode", WEXITSTATUS(*lastStatus_));
  out.setText("log", options_.logFile).setText("control", options_.controlPath);
  return out;
}

void App::writeState() {
  // Losing the record must not cost the app: what can't be written now is written at the next change.
  (void)replaceFile(options_.stateFile, state().line() + "\n");
}

}  // namespace cairn::entrypoint
