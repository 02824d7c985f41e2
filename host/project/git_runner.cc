// SpawnGitRunner of git_facts.h.

#include "host/project/git_facts.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>

extern char** environ;

namespace cairn::host {
namespace {

struct Pipe {
  int ends[2] = {-1, -1};
  bool open() { return ::pipe2(ends, O_CLOEXEC) == 0; }
  void close(int end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
  ~Pipe() {
    close(0);
    close(1);
  }
};

struct Actions {
  posix_spawn_file_actions_t actions;
  Actions() { posix_spawn_file_actions_init(&actions); }
  ~Actions() { posix_spawn_file_actions_destroy(&actions); }
};

// Reads both to their ends; one alone could fill while git waits on the other.
void drain(Pipe& out, Pipe& err, GitOutput& into) {
  char block[64 << 10];
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    pollfd polls[2] = {{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}};
    if (::poll(polls, 2, -1) < 0 && errno != EINTR) return;
    for (int i = 0; i < 2; ++i) {
      if (polls[i].revents == 0) continue;
      const ssize_t got = ::read(polls[i].fd, block, sizeof block);
      if (got > 0) (i == 0 ? into.out : into.err).append(block, static_cast<std::size_t>(got));
      if (got == 0 || (got < 0 && errno != EINTR)) (i == 0 ? out : err).close(0);
    }
  }
}

}  // namespace

std::optional<GitOutput> SpawnGitRunner::run(const std::filesystem::path& folder,
                                             const std::vector<std::string>& arguments) {
  Pipe out, err;
  if (!out.open() || !err.open()) return std::nullopt;
  Actions files;
  posix_spawn_file_actions_addopen(&files.actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files.actions, out.ends[1], 1);
  posix_spawn_file_actions_adddup2(&files.actions, err.ends[1], 2);
  posix_spawn_file_actions_addchdir_np(&files.actions, folder.c_str());
  std::vector<char*> argv = {const_cast<char*>("git")};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_t child = 0;
  if (::posix_spawnp(&child, "git", &files.actions, nullptr, argv.data(), environ) != 0) return std::nullopt;
  out.close(1);
  err.close(1);
  GitOutput output;
  drain(out, err, output);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  output.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return output;
}

}  // namespace cairn::host
