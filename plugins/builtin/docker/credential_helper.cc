#include "credential_helper.h"

#include "json_fields.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

extern char** environ;

namespace cairn::plugins::docker {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

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

// In the plugin's process group: so the helper, and what it starts, ends with the plugin however that ends.
pid_t spawn(const std::string& program, const char* verb, int in, int out) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  std::string name = program, word = verb;
  char* argv[] = {name.data(), word.data(), nullptr};
  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, program.c_str(), &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? pid : -1;
}

// 0 at the end of what it says; else why it was not waited for: ECANCELED, ETIMEDOUT.
int readToEnd(int fd, int cancelFd, Clock::time_point end, std::string& text) {
  char buffer[4096];
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
    if (left.count() <= 0) return ETIMEDOUT;
    pollfd fds[2] = {{fd, POLLIN, 0}, {cancelFd, POLLIN, 0}};  // poll() passes over a descriptor of -1
    if (::poll(fds, 2, static_cast<int>(left.count())) <= 0) continue;
    if (fds[1].revents != 0) return ECANCELED;
    const ssize_t size = ::read(fd, buffer, sizeof buffer);
    if (size == 0 || (size < 0 && errno != EINTR)) return 0;
    if (size > 0) text.append(buffer, static_cast<std::size_t>(size));
  }
}

std::string inSeconds(milliseconds time) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " seconds";
}

bool knowsNone(int status, const std::string& said) {
  return status != 0 && said.find("credentials not found") != std::string::npos;
}

Result<nlohmann::json> objectIn(int status, const std::string& said, const std::string& program) {
  if (status != 0) {
    Error error = helperError(program, "failed");
    error.detail = said;
    return error;
  }
  auto json = nlohmann::json::parse(said, nullptr, false);
  if (!json.is_object()) return helperError(program, "did not answer JSON");
  return json;
}

}  // namespace

CredentialHelpers::CredentialHelpers(int cancelFd, HelperPatience patience)
    : cancelFd_(cancelFd), patience_(patience) {}

Result<CredentialHelpers::Answer> CredentialHelpers::run(const std::string& program, const char* verb,
                                                         const std::string& input) {
  if (silent_.count(program) > 0)
    return helperError(program, "did not answer in time before: it is not asked again");
  const milliseconds limit = std::min(patience_.each, patience_.all - spent_);
  if (limit.count() <= 0)
    return helperError(program, "is not asked: helpers took " + inSeconds(patience_.all) + " already");
  Pipe in, out;
  const pid_t pid = spawn(program, verb, in.ends[0], out.ends[1]);
  if (pid < 0) return helperError(program, "can't be started");
  const auto start = Clock::now();
  in.close(0);
  out.close(1);
  // Shorter than a pipe holds, so that this waits for nobody.
  writeUnlessClosed(in.ends[1], input);
  in.close(1);
  Answer answer;
  const int why = readToEnd(out.ends[0], cancelFd_, start + limit, answer.text);
  if (why != 0) ::kill(pid, SIGKILL);
  while (::waitpid(pid, &answer.status, 0) < 0 && errno == EINTR) {
  }
  spent_ += std::chrono::ceil<milliseconds>(Clock::now() - start);
  if (why == ECANCELED)
    return Error{.kind = ErrorKind::Cancelled, .code = "cancelled", .message = "stopped as asked"};
  if (why != 0) {
    silent_.insert(program);
    return helperError(program, "did not answer in " + inSeconds(limit));
  }
  return answer;
}

Result<RegistryAuth> CredentialHelpers::get(const std::string& helper, const std::string& key) {
  const std::string program = "docker-credential-" + helper;
  const Answer answer = CAIRN_TRY(run(program, "get", key + "\n"));
  if (knowsNone(answer.status, answer.text)) return RegistryAuth{};
  const auto json = CAIRN_TRY(objectIn(answer.status, answer.text, program));
  const std::string user = textAt(json, "Username"), secret = textAt(json, "Secret");
  if (user == "<token>") return RegistryAuth{{}, {}, secret, key};
  return RegistryAuth{user, secret, {}, key};
}

Result<std::vector<std::string>> CredentialHelpers::list(const std::string& helper) {
  const std::string program = "docker-credential-" + helper;
  const Answer answer = CAIRN_TRY(run(program, "list", ""));
  const auto json = CAIRN_TRY(objectIn(answer.status, answer.text, program));
  std::vector<std::string> out;
  for (const auto& entry : json.items()) out.push_back(entry.key());
  return out;
}

}  // namespace cairn::plugins::docker
