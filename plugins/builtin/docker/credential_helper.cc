#include "credential_helper.h"

#include "json_fields.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>

extern char** environ;

namespace cairn::plugins::docker {
namespace {

constexpr std::chrono::seconds kLimit{120};

struct Answer {
  int status = 0;
  std::string text;
};

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (::pipe2(ends, O_CLOEXEC) != 0) ends[0] = ends[1] = -1;
  }
  ~Pipe() {
    close(0);
    close(1);
  }
  void close(int end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

// A helper that ends without reading is no reason to die of SIGPIPE, which is held back in this thread
// meanwhile.
void writeUnlessClosed(int fd, const std::string& text) {
  sigset_t pipe, before;
  ::sigemptyset(&pipe);
  ::sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, &before);
  [[maybe_unused]] ssize_t written = ::write(fd, text.data(), text.size());
  const timespec now{};
  ::sigtimedwait(&pipe, nullptr, &now);  // sent also when a part could be written
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Error helperError(const std::string& program, std::string why) {
  return Error{.kind = ErrorKind::Failed,
               .code = "docker/credential-helper",
               .message = program + ", which docker's config.json names, " + why,
               .hint = "install or mend it, or set username and password"};
}

// A group of its own, so that what it starts ends with it.
pid_t spawn(const std::string& program, const char* verb, int in, int out) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::string name = program, word = verb;
  char* argv[] = {name.data(), word.data(), nullptr};
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, program.c_str(), &actions, &attributes, argv, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? pid : -1;
}

// 0 at the end of what it says; else why it was not waited for: ECANCELED, ETIMEDOUT.
int readToEnd(int fd, int cancelFd, std::string& text) {
  const auto end = std::chrono::steady_clock::now() + kLimit;
  char buffer[4096];
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return ETIMEDOUT;
    pollfd fds[2] = {{fd, POLLIN, 0}, {cancelFd, POLLIN, 0}};  // poll() passes over a descriptor of -1
    if (::poll(fds, 2, static_cast<int>(left.count())) <= 0) continue;
    if (fds[1].revents != 0) return ECANCELED;
    const ssize_t size = ::read(fd, buffer, sizeof buffer);
    if (size == 0 || (size < 0 && errno != EINTR)) return 0;
    if (size > 0) text.append(buffer, static_cast<std::size_t>(size));
  }
}

Result<Answer> runHelper(const std::string& program, const char* verb, const std::string& input,
                         int cancelFd) {
  Pipe in, out;
  const pid_t pid = spawn(program, verb, in.ends[0], out.ends[1]);
  if (pid < 0) return helperError(program, "can't be started");
  in.close(0);
  out.close(1);
  // Shorter than a pipe holds, so that this waits for nobody.
  writeUnlessClosed(in.ends[1], input);
  in.close(1);
  Answer answer;
  const int why = readToEnd(out.ends[0], cancelFd, answer.text);
  if (why != 0) ::kill(-pid, SIGKILL);
  while (::waitpid(pid, &answer.status, 0) < 0 && errno == EINTR) {
  }
  if (why == ECANCELED)
    return Error{.kind = ErrorKind::Cancelled, .code = "cancelled", .message = "stopped as asked"};
  if (why != 0)
    return helperError(program, "did not answer in " + std::to_string(kLimit.count()) + " seconds");
  return answer;
}

bool knowsNone(const Answer& answer) {
  return answer.status != 0 && answer.text.find("credentials not found") != std::string::npos;
}

Result<nlohmann::json> objectIn(const Answer& answer, const std::string& program) {
  if (answer.status != 0) {
    Error error = helperError(program, "failed");
    error.detail = answer.text;
    return error;
  }
  auto json = nlohmann::json::parse(answer.text, nullptr, false);
  if (!json.is_object()) return helperError(program, "did not answer JSON");
  return json;
}

}  // namespace

Result<RegistryAuth> askCredentialHelper(const std::string& helper, const std::string& key, int cancelFd) {
  const std::string program = "docker-credential-" + helper;
  const Answer answer = CAIRN_TRY(runHelper(program, "get", key + "\n", cancelFd));
  if (knowsNone(answer)) return RegistryAuth{};
  const auto json = CAIRN_TRY(objectIn(answer, program));
  const std::string user = textAt(json, "Username"), secret = textAt(json, "Secret");
  if (user == "<token>") return RegistryAuth{{}, {}, secret, key};
  return RegistryAuth{user, secret, {}, key};
}

Result<std::vector<std::string>> listCredentials(const std::string& helper, int cancelFd) {
  const std::string program = "docker-credential-" + helper;
  const auto json = CAIRN_TRY(objectIn(CAIRN_TRY(runHelper(program, "list", "", cancelFd)), program));
  std::vector<std::string> out;
  for (const auto& entry : json.items()) out.push_back(entry.key());
  return out;
}

}  // namespace cairn::plugins::docker
