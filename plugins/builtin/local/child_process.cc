#include "child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>

namespace cairn::plugins::local {
namespace {

struct Pipe {
  Pipe() {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    reader = Descriptor(ends[0]);
    writer = Descriptor(ends[1]);
  }
  Descriptor reader;
  Descriptor writer;
};

// Our threads block signals that the child must get.
class DefaultSignals {
 public:
  DefaultSignals() {
    ::posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~DefaultSignals() { ::posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

}  // namespace

Result<ChildProcess> ChildProcess::spawn(const std::vector<std::string>& argv, const int (&streams)[3],
                                         const std::string& term) {
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const std::string variable = "TERM=" + term;
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (term.empty() || std::strncmp(*entry, "TERM=", 5) != 0) environment.push_back(*entry);
  }
  if (!term.empty()) environment.push_back(const_cast<char*>(variable.c_str()));
  environment.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  for (int i = 0; i < 3; ++i) ::posix_spawn_file_actions_adddup2(&actions, streams[i], i);
  pid_t pid = -1;
  const DefaultSignals signals;
  const int why =
      ::posix_spawn(&pid, arguments[0], &actions, signals.get(), arguments.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (why != 0)
    return Error{.kind = ErrorKind::Failed,
                 .code = "local/helper-failed",
                 .message = "can't run " + argv[0] + ": " + std::strerror(why),
                 .hint = "it belongs to the plugin 'local': install Cairn again"};
  return ChildProcess(pid);
}

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& argv) {
  Pipe input, output, errors;
  ChildProcess child = CAIRN_TRY(spawn(argv, {input.reader.get(), output.writer.get(), errors.writer.get()}));
  child.input = std::move(input.writer);
  child.output = std::move(output.reader);
  child.errors = std::move(errors.reader);
  return child;
}

Result<ChildProcess> ChildProcess::startAt(const Descriptor& terminal, const std::vector<std::string>& argv,
                                           const std::string& term) {
  return spawn(argv, {terminal.get(), terminal.get(), terminal.get()}, term);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : input(std::move(other.input)),
      output(std::move(other.output)),
      errors(std::move(other.errors)),
      pid_(std::exchange(other.pid_, -1)) {}

ChildProcess::~ChildProcess() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

void ChildProcess::terminate() {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
}

int ChildProcess::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool readSome(int fd, std::string& text) {
  char buffer[64 * 1024];
  ssize_t n = 0;
  while ((n = ::read(fd, buffer, sizeof buffer)) < 0 && errno == EINTR) continue;
  if (n > 0) text.append(buffer, static_cast<size_t>(n));
  return n > 0;
}

Result<ProgramAnswer> runProgram(const std::vector<std::string>& argv, int cancelFd) {
  ChildProcess child = CAIRN_TRY(ChildProcess::start(argv));
  child.input.close();
  ProgramAnswer answer;
  while (child.output || child.errors) {
    pollfd fds[] = {{child.output.get(), POLLIN, 0}, {child.errors.get(), POLLIN, 0}, {cancelFd, POLLIN, 0}};
    if (::poll(fds, 3, -1) < 0 && errno != EINTR) break;
    if (fds[2].revents != 0) {
      child.terminate();
      break;
    }
    if (fds[0].revents != 0 && !readSome(child.output.get(), answer.output)) child.output.close();
    if (fds[1].revents != 0 && !readSome(child.errors.get(), answer.errors)) child.errors.close();
  }
  answer.exitCode = child.wait();
  return answer;
}

}  // namespace cairn::plugins::local
