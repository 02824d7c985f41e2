#include "credential_helper.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

extern char** environ;

namespace cairn::plugins::docker {
namespace {

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

// None where the program can't be started.
std::optional<Answer> runHelper(const std::string& program, const std::string& input) {
  Pipe in, out;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.ends[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
  std::string name = program, verb = "get";
  char* argv[] = {name.data(), verb.data(), nullptr};
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, program.c_str(), &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return std::nullopt;
  in.close(0);
  out.close(1);
  // Shorter than a pipe holds, so that this waits for nobody.
  writeUnlessClosed(in.ends[1], input);
  in.close(1);
  Answer answer;
  char buffer[4096];
  for (ssize_t size; (size = ::read(out.ends[0], buffer, sizeof buffer)) != 0;) {
    if (size < 0 && errno != EINTR) break;
    if (size > 0) answer.text.append(buffer, static_cast<std::size_t>(size));
  }
  while (::waitpid(pid, &answer.status, 0) < 0 && errno == EINTR) {
  }
  return answer;
}

Error helperError(const std::string& program, std::string why) {
  return Error{.kind = ErrorKind::Failed,
               .code = "docker/credential-helper",
               .message = program + ", which docker's config.json names, " + why,
               .hint = "install or mend it, or set username and password"};
}

}  // namespace

Result<RegistryAuth> askCredentialHelper(const std::string& helper, const std::string& key) {
  const std::string program = "docker-credential-" + helper;
  const auto answer = runHelper(program, key + "\n");
  if (!answer) return helperError(program, "can't be started");
  if (answer->status != 0) {
    if (answer->text.find("credentials not found") != std::string::npos) return RegistryAuth{};
    Error error = helperError(program, "failed");
    error.detail = answer->text;
    return error;
  }
  const auto json = nlohmann::json::parse(answer->text, nullptr, false);
  if (!json.is_object()) return helperError(program, "did not answer JSON");
  const std::string user = json.value("Username", ""), secret = json.value("Secret", "");
  if (user == "<token>") return RegistryAuth{{}, {}, secret, key};
  return RegistryAuth{user, secret, {}, key};
}

}  // namespace cairn::plugins::docker
