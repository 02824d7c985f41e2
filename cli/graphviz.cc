#include "cli/graphviz.h"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

extern char** environ;

namespace cairn::cli {

namespace {

// A nameless file in memory: neither side can make the other wait, however much is written.
class MemoryFile {
 public:
  MemoryFile() : fd_(memfd_create("cairn", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (fd_ >= 0) close(fd_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int fd() const { return fd_; }

  bool hold(const std::string& text) {
    return write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
           lseek(fd_, 0, SEEK_SET) == 0;
  }

  std::string text() const {
    std::string out(static_cast<std::size_t>(std::max<off_t>(0, lseek(fd_, 0, SEEK_END))), '\0');
    const ssize_t got = pread(fd_, out.data(), out.size(), 0);
    out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return out;
  }

 private:
  int fd_;
};

Error failed(std::string code, std::string message, std::string hint, std::string detail = {}) {
  return {.kind = ErrorKind::Failed,
          .code = std::move(code),
          .message = std::move(message),
          .hint = std::move(hint),
          .detail = std::move(detail)};
}

// 0, or the error number that kept it from starting; its exit status is in `status`.
int runDot(int in, int out, int err, int& status) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in, 0);
  posix_spawn_file_actions_adddup2(&files, out, 1);
  posix_spawn_file_actions_adddup2(&files, err, 2);
  char program[] = "dot", format[] = "-Tsvg";
  char* argv[] = {program, format, nullptr};
  pid_t child = 0;
  const int error = posix_spawnp(&child, program, &files, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) return error;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return 0;
}

}  // namespace

Result<std::string> drawSvg(const std::string& source) {
  MemoryFile in, out, err;
  int status = 0;
  int error = in.fd() < 0 || out.fd() < 0 || err.fd() < 0 || !in.hold(source) ? errno : 0;
  if (error == 0) error = runDot(in.fd(), out.fd(), err.fd(), status);
  if (error == ENOENT) {
    return failed(
        "graphviz-missing", "Graphviz lays out the picture, and its program 'dot' is not installed",
        "install graphviz (on Debian: apt install graphviz); --dot prints the source of the picture "
        "without it");
  }
  if (error != 0)
    return failed("graphviz-failed", "can't start 'dot': " + std::string(std::strerror(error)), {});
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return failed("graphviz-failed", "'dot' could not lay out the picture",
                  "--dot prints the source of the picture", err.text());
  return out.text();
}

}  // namespace cairn::cli
