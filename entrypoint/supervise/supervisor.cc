#include "entrypoint/supervise/supervisor.h"

#include "entrypoint/arguments.h"
#include "entrypoint/atomic_file.h"
#include "entrypoint/control_listener.h"
#include "entrypoint/supervise/app.h"
#include "entrypoint/supervise/app_process.h"
#include "entrypoint/supervise/control_session.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <list>

namespace cairn::entrypoint {
namespace {

using Clock = App::Clock;
using std::chrono::milliseconds;

struct Pipe {
  Descriptor reader;
  Descriptor writer;  // kept open here too, so that the reader lasts from run to run
};

Pipe makePipe() {
  int ends[2] = {-1, -1};
  CAIRN_ASSERT(::pipe2(ends, O_CLOEXEC) == 0);
  // Only our end must not block: the app's is shared with it, and it expects to wait.
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Descriptor takeSignals() {
  sigset_t taken;
  ::sigemptyset(&taken);
  for (int signal : {SIGCHLD, SIGTERM, SIGINT}) ::sigaddset(&taken, signal);
  ::sigprocmask(SIG_BLOCK, &taken, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  return Descriptor(::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK));
}

// Adds `variable`, KEY=VALUE, in place of the one of that key.
void setVariable(std::vector<std::string>& environment, std::string variable) {
  const std::string key = variable.substr(0, variable.find('=')) + "=";
  std::erase_if(environment, [&](const std::string& old) { return old.starts_with(key); });
  environment.push_back(std::move(variable));
}

class Supervisor {
 public:
  Supervisor(SuperviseOptions options, LogFile log, Descriptor listener)
      : options_(std::move(options)), log_(std::move(log)), listener_(std::move(listener)) {}

  int run() {
    app_.start();
    while (!app_.ended()) {
      waitForEvent();
      takeLog();
      handleSignals();
      takeRequests();
      app_.advance(guests());
      endAbandonedGuests();
      sessions_.remove_if([](const ControlSession& s) { return s.closed() && s.guest == 0; });
    }
    finish();
    return app_.exitCode();
  }

 private:
  void waitForEvent() {
    std::vector<pollfd> fds = {{signals_.get(), POLLIN, 0},
                               {listener_.get(), POLLIN, 0},
                               {output_.reader.get(), POLLIN, 0},
                               {errors_.reader.get(), POLLIN, 0}};
    for (const ControlSession& session : sessions_)
      if (!session.closed()) fds.push_back({session.socket(), POLLIN, 0});
    ::poll(fds.data(), fds.size(), waitMs());
  }

  int waitMs() const {
    auto due = app_.nextDue();
    for (const ControlSession& session : sessions_)
      if (session.killAt) due = due ? std::min(*due, *session.killAt) : *session.killAt;
    if (!due) return -1;
    const auto left = std::chrono::ceil<milliseconds>(*due - Clock::now()).count();
    return static_cast<int>(std::clamp<int64_t>(left, 0, 60'000));
  }

  void takeLog() {
    takeStream(output_.reader.get(), outLines_);
    takeStream(errors_.reader.get(), errLines_);
  }

  static void takeStream(int fd, LineCutter& lines) {
    std::array<char, 64 * 1024> buffer;
    // Bounded, so that an app that never stops talking can still be told to stop.
    for (int i = 0; i < 16; ++i) {
      const ssize_t n = ::read(fd, buffer.data(), buffer.size());
      if (n <= 0) return;
      lines.take({buffer.data(), static_cast<size_t>(n)});
    }
  }

  void handleSignals() {
    signalfd_siginfo info;
    while (::read(signals_.get(), &info, sizeof info) == sizeof info)
      if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT) app_.stop();
    int status = 0;
    for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) noteExit(pid, status);
  }

  void noteExit(pid_t pid, int status) {
    if (pid == app_.pid()) {
      takeLog();
      outLines_.finish();
      errLines_.finish();
    }
    if (app_.noteExit(pid, status)) return;
    for (ControlSession& session : sessions_) {
      if (session.guest != pid) continue;
      session.guest = 0;
      session.killAt.reset();
      session.answer(FlatJson().setBool("ok", true).setNumber("exitCode", shellCode(status)));
    }
  }

  void takeRequests() {
    const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) sessions_.emplace_back(Descriptor(fd));
    for (ControlSession& session : sessions_) {
      if (session.closed()) continue;
      const auto line = session.receive();
      const bool busy = session.guest != 0 || session.waitsForEnd;
      if (line && !busy) handle(session, *line);
    }
  }

  void handle(ControlSession& session, const std::string& line) {
    const auto request = FlatJson::parse(line);
    if (!request) return session.answer(refusal(request.error()));
    const std::string command = request->findText("command").value_or("");
    if (command == "status") return session.answer(app_.state().setBool("ok", true));
    if (command == "exec") return startGuest(session, *request);
    if (command != "stop") return session.answer(refusal(usageError("unknown command '" + command + "'")));
    session.waitsForEnd = true;
    app_.stop();
  }

  void startGuest(ControlSession& session, const FlatJson& request) {
    Launch what{.command = request.findList("argv").value_or(std::vector<std::string>()),
                .environment = options_.environment,
                .folder = options_.folder};
    if (what.command.empty() || session.passed().size() != 3)
      return session.answer(refusal(usageError("exec needs argv and three descriptors")));
    if (app_.stopping()) return session.answer(refusal(usageError("the app is being stopped")));
    for (std::string& extra : request.findList("environment").value_or(std::vector<std::string>()))
      setVariable(what.environment, std::move(extra));
    what.input = session.passed()[0].get();
    what.output = session.passed()[1].get();
    what.errors = session.passed()[2].get();
    const auto pid = launch(what);
    session.dropPassed();
    if (!pid) return session.answer(refusal(pid.error()));
    session.guest = *pid;
  }

  // A command whose client is gone is asked to end, then made to.
  void endAbandonedGuests() {
    for (ControlSession& session : sessions_) {
      if (session.guest == 0 || !session.closed()) continue;
      const bool asked = session.killAt.has_value();
      if (asked && Clock::now() < *session.killAt) continue;
      ::kill(-session.guest, asked ? SIGKILL : SIGTERM);
      session.killAt = Clock::now() + options_.grace;
    }
  }

  std::vector<pid_t> guests() const {
    std::vector<pid_t> out;
    for (const ControlSession& session : sessions_)
      if (session.guest != 0) out.push_back(session.guest);
    return out;
  }

  void finish() {
    takeLog();
    outLines_.finish();
    errLines_.finish();
    ::unlink(options_.controlPath.c_str());
    for (ControlSession& session : sessions_)
      if (session.waitsForEnd) session.answer(app_.state().setBool("ok", true));
  }

  SuperviseOptions options_;
  LogFile log_;
  Descriptor listener_;
  Descriptor signals_ = takeSignals();
  Pipe output_ = makePipe();
  Pipe errors_ = makePipe();
  LineCutter outLines_{log_, "out"};
  LineCutter errLines_{log_, "err"};
  App app_{options_, log_, output_.writer.get(), errors_.writer.get()};
  std::list<ControlSession> sessions_;
};

}  // namespace

Result<int> supervise(SuperviseOptions options) {
  LogFile log = CAIRN_TRY(LogFile::open(options.logFile, options.logLimitBytes));
  Descriptor listener = CAIRN_TRY(listenControl(options.controlPath));
  CAIRN_TRY(replaceFile(options.stateFile, FlatJson().setText("state", "starting").line() + "\n"));
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  return Supervisor(std::move(options), std::move(log), std::move(listener)).run();
}

}  // namespace cairn::entrypoint
