#pragma once
// The app's life: which of its states it is in, and what moves it to the next.
//
//   Running ──ends──► Clearing ──nothing left──► Backoff ──wait over──► Running
//      └──stop──► Stopping (from any state) ──nothing left──► Ended      └─ or Ended, where it is not
//      restarted

#include "entrypoint/supervise/backoff.h"
#include "entrypoint/supervise/log_file.h"
#include "entrypoint/supervise/supervisor.h"

#include <sys/types.h>

#include <optional>
#include <set>
#include <vector>

namespace cairn::entrypoint {

class App {
 public:
  using Clock = std::chrono::steady_clock;

  // `output` and `errors` are what the app writes to. The references outlive the App.
  App(const SuperviseOptions& options, LogFile& log, int output, int errors);

  void start();
  // Asks everything to end, and makes it end after the grace time.
  void stop();
  // A child of this process ended; true if it was the app itself.
  bool noteExit(pid_t pid, int waitStatus);
  // Does what is due by now. `guests` are children that are not the app's: they are let live unless it stops.
  void advance(const std::vector<pid_t>& guests);
  // When advance() has to be called even if nothing happens.
  std::optional<Clock::time_point> nextDue() const { return due_; }

  pid_t pid() const { return pid_; }  // 0 while it does not run
  bool ended() const { return phase_ == Phase::Ended; }
  bool stopping() const { return phase_ == Phase::Stopping; }
  int exitCode() const { return stopped_ ? 0 : lastCode_; }
  FlatJson state() const;

 private:
  enum class Phase { Running, Clearing, Backoff, Stopping, Ended };

  void enter(Phase phase, std::optional<Clock::time_point> due);
  bool anythingLeft(const std::vector<pid_t>& guests) const;
  void signalAll(int signal, const std::vector<pid_t>& guests);
  // What left the app's group is reached one by one, and only once it is a child of this process: when its
  // parents have ended. Nobody gets the same signal twice.
  void signalChildren(int signal, const std::vector<pid_t>& guests);
  void afterRun();
  void writeState();

  const SuperviseOptions& options_;
  LogFile& log_;
  const int output_;
  const int errors_;
  Backoff backoff_;
  Phase phase_ = Phase::Backoff;
  std::optional<Clock::time_point> due_;
  pid_t pid_ = 0;    // 0 while it does not run
  pid_t group_ = 0;  // its process group, which may outlive it
  bool stopped_ = false;
  bool asked_ = false;         // SIGTERM was sent in this phase
  std::set<pid_t> signalled_;  // children that have had what was sent last
  Clock::time_point began_;
  std::string startedAt_;
  int restarts_ = 0;
  std::optional<int> lastStatus_;
  int lastCode_ = 0;
};

}  // namespace cairn::entrypoint
