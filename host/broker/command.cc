#include "host/broker/command.h"

#include "host/broker/containment.h"
#include "host/broker/descriptors.h"
#include "host/broker/duration_text.h"

#include <kj/async-unix.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace cairn::host {
namespace fs = std::filesystem;
namespace {

// Where PATH has it for a process in `folder`; empty: nowhere.
fs::path inPath(const std::string& name, const fs::path& folder) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
  while (!rest.empty()) {
    auto end = std::min(rest.find(':'), rest.size());
    fs::path candidate = (folder / rest.substr(0, end) / name).lexically_normal();
    std::error_code ignored;
    if (::access(candidate.c_str(), X_OK) == 0 && !fs::is_directory(candidate, ignored)) return candidate;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

// What it printed may still be in the pipes when it has ended.
constexpr auto kLastWords = 200 * kj::MILLISECONDS;

// A command that runs: ended, with all that came of it, when dropped before its end.
class Running {
 public:
  Running(pid_t pid, kj::AutoCloseFd pidfd, kj::AutoCloseFd out, kj::AutoCloseFd err, const Command& command,
          kj::AsyncIoContext& io, kj::Function<void(bool, std::string)> take)
      : pid_(pid),
        keepOutput_(command.keepOutput),
        cut_(command.cut),
        pidfd_(kj::mv(pidfd)),
        observer_(io.unixEventPort, pidfd_.get(), kj::UnixEventPort::FdObserver::OBSERVE_READ),
        out_(io.lowLevelProvider->wrapInputFd(out.release(), kOwned)),
        err_(io.lowLevelProvider->wrapInputFd(err.release(), kOwned)),
        take_(kj::mv(take)),
        timer_(io.provider->getTimer()) {}
  ~Running() noexcept(false) {
    if (reaped_) return;
    ::kill(pid_, SIGTERM);
    reap();
  }

  // The process's end counts, not that of its pipes: something that it started may hold these open. `stop`
  // says why it is to be ended before that; how long all that came of it takes to die then, the loop goes on.
  kj::Promise<Result<CommandEnd>> end(kj::Promise<Error> stop) {
    auto stopped = stop.then([this](Error why) {
                         if (reaped_) return;
                         ::kill(pid_, SIGTERM);
                         stoppedBecause_ = std::move(why);
                       })
                       .eagerlyEvaluate(nullptr);
    auto lines = kj::heapArrayBuilder<kj::Promise<void>>(2);
    lines.add(keepOutput_ > 0 ? keep() : read(*out_, false));
    lines.add(read(*err_, true));
    // Asked at once: the observer tells an end that comes before it is asked to nobody.
    return observer_.whenBecomesReadable()
        .then([this,
               lines =
                   kj::joinPromises(lines.finish()).eagerlyEvaluate(nullptr)]() mutable -> kj::Promise<void> {
          reap();
          if (stoppedBecause_) return kj::READY_NOW;
          return lines.exclusiveJoin(timer_.afterDelay(kLastWords));
        })
        .then([this]() -> Result<CommandEnd> {
          if (stoppedBecause_) return std::move(*stoppedBecause_);
          end_.tail = tail_.text();
          return end_;
        })
        .attach(kj::mv(stopped));
  }

 private:
  static constexpr auto kOwned =
      kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP | kj::LowLevelAsyncIoProvider::ALREADY_CLOEXEC;

  kj::Promise<void> read(kj::AsyncInputStream& stream, bool isStderr) {
    return readLines(stream, cut_, [this, isStderr](std::string line) {
      tail_.add(line);
      take_(isStderr, std::move(line));
    });
  }
  kj::Promise<void> keep() {
    return out_->tryRead(chunk_, 1, sizeof chunk_).then([this](std::size_t size) -> kj::Promise<void> {
      if (size == 0) return kj::READY_NOW;
      if (end_.output.size() + size > keepOutput_) {
        end_.printedTooMuch = true;
        if (!reaped_) ::kill(pid_, SIGTERM);
        return kj::READY_NOW;
      }
      end_.output.append(chunk_, size);
      return keep();
    });
  }
  void reap() {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED);
    reaped_ = true;
    end_.exitCode = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    end_.text = describeExit(info.si_code, info.si_status);
  }

  pid_t pid_;
  std::size_t keepOutput_;
  SafeCut cut_;
  char chunk_[16 * 1024];
  kj::AutoCloseFd pidfd_;
  kj::UnixEventPort::FdObserver observer_;
  kj::Own<kj::AsyncInputStream> out_;
  kj::Own<kj::AsyncInputStream> err_;
  kj::Function<void(bool, std::string)> take_;
  kj::Timer& timer_;
  OutputTail tail_;
  CommandEnd end_;
  std::optional<Error> stoppedBecause_;
  bool reaped_ = false;
};

Error notStarted(const fs::path& program, const std::string& why, std::string hint) {
  return Error{ErrorKind::Failed,
               "command-failed-to-start",
               "can't run " + program.string() + ": " + why,
               std::move(hint),
               {}};
}

}  // namespace

Result<fs::path> findProgram(const std::string& name, const fs::path& folder) {
  const bool isBare = name.find('/') == std::string::npos;
  const fs::path program = isBare ? inPath(name, folder) : (folder / name).lexically_normal();
  std::error_code ignored;
  if (program.empty() || !fs::exists(program, ignored)) {
    return Error{ErrorKind::Config,
                 "command-not-found",
                 "there is no command \"" + name + "\"",
                 isBare ? "it was looked for in PATH" : "it was looked for in " + folder.string(),
                 {}};
  }
  if (fs::is_directory(program, ignored))
    return notStarted(program, "it is a folder", "name the program in it");
  if (::access(program.c_str(), X_OK) != 0)
    return notStarted(program, std::strerror(errno), "chmod +x " + program.string());
  return program;
}

kj::Promise<Result<CommandEnd>> runCommand(Command command, kj::AsyncIoContext& io,
                                           kj::Function<void(bool, std::string)> take,
                                           kj::Promise<void> stop) {
  const std::string name = command.argv.at(0);
  auto found = findProgram(name, command.folder);
  if (!found) return Result<CommandEnd>(std::move(found).error());
  const std::string program = found->string();
  Pipe out = makePipe(), err = makePipe();
  if (!out || !err) {
    return Result<CommandEnd>(Error{
        ErrorKind::Failed, "command-failed-to-start", "can't run " + name + ": no pipe to be had", {}, {}});
  }
  // A command that doesn't read it disturbs nobody.
  kj::AutoCloseFd input =
      command.input.empty() ? raised(::open("/dev/null", O_RDONLY | O_CLOEXEC)) : fileOf(command.input);
  if (input.get() < 0) {
    return Result<CommandEnd>(Error{ErrorKind::Failed,
                                    "command-failed-to-start",
                                    "can't run " + name + ": there is no memory for what it is given to read",
                                    {},
                                    {}});
  }
  const auto pid = startContained({program,
                                   {command.argv.begin() + 1, command.argv.end()},
                                   command.folder,
                                   command.environment,
                                   input.get(),
                                   out.write.get(),
                                   err.write.get()});
  if (!pid) return Result<CommandEnd>(pid.error());
  kj::AutoCloseFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
  if (pidfd.get() < 0) {
    ::kill(*pid, SIGTERM);
    ::waitpid(*pid, nullptr, 0);
    return Result<CommandEnd>(Error{ErrorKind::Failed,
                                    "command-failed-to-start",
                                    "can't run " + name + ": there is no descriptor left to watch it by",
                                    {},
                                    {}});
  }
  out.write = nullptr;
  err.write = nullptr;
  auto running =
      kj::heap<Running>(*pid, kj::mv(pidfd), kj::mv(out.read), kj::mv(err.read), command, io, kj::mv(take));
  const std::string limit = durationText(command.timeout);
  auto late = io.provider->getTimer().afterDelay(command.timeout).then([name, limit] {
    return Error{ErrorKind::Deadline,
                 "command-timeout",
                 name + " took longer than " + limit + " and was killed",
                 "raise its `timeout`",
                 {}};
  });
  auto asked = stop.then([] {
    return Error{ErrorKind::Cancelled, "cancelled", "stopped on request", {}, {}};
  });
  return running->end(late.exclusiveJoin(kj::mv(asked))).attach(kj::mv(running));
}

}  // namespace cairn::host
