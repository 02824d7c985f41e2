// Preloaded into `cairn` to end it at one point of its journal: KILL_AT=N raises SIGKILL at the N-th point;
// with COUNT_POINTS=FILE it ends by itself and writes their number there. Each commit of the store has two
// points:
//   odd:  before its first byte reaches the store, when what it tells of is done but told to nobody;
//   even: all of it is written, but nobody has heard so: what it announces is not begun.
// Plugins and services get clean environments, so that it is never preloaded into them.

#include <dlfcn.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr size_t kFrameHeader = 24;  // in SQLite's write-ahead log, before each page

bool isLog(int fd) {
  char link[64], path[512];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = ::readlink(link, path, sizeof path - 1);
  return size > 0 && std::strstr((path[size] = 0, path), "cairn.db-wal") != nullptr;
}

// The last frame of a commit names the database's size; all others have a zero there.
bool endsCommit(const void* header) {
  static const char zero[4] = {};
  return std::memcmp(static_cast<const char*>(header) + 4, zero, sizeof zero) != 0;
}

// All writes come from the store's one thread.
class Points {
 public:
  Points() {
    if (std::strcmp(program_invocation_short_name, "cairn") != 0) return;
    if (const char* number = std::getenv("KILL_AT")) killAt_ = std::atoi(number);
    count_ = std::getenv("COUNT_POINTS");
  }
  ~Points() {
    FILE* file = count_ != nullptr ? std::fopen(count_, "w") : nullptr;
    if (file == nullptr) return;
    std::fprintf(file, "%d\n", seen_);
    std::fclose(file);
  }
  bool wanted() const { return killAt_ != 0 || count_ != nullptr; }

  void beforeWrite(const void* bytes, size_t size) {
    if (size != kFrameHeader) return;
    if (!inCommit_) reach();
    inCommit_ = true;
    lastFrame_ = endsCommit(bytes);
  }
  void afterWrite(size_t size) {
    if (size == kFrameHeader || !lastFrame_) return;
    inCommit_ = lastFrame_ = false;
    reach();
  }

 private:
  void reach() {
    if (++seen_ == killAt_) ::kill(::getpid(), SIGKILL);
  }

  int killAt_ = 0;
  const char* count_ = nullptr;
  int seen_ = 0;
  bool inCommit_ = false;
  bool lastFrame_ = false;
};

Points points;

}  // namespace

extern "C" ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  using Write = ssize_t (*)(int, const void*, size_t, off64_t);
  static const auto write = reinterpret_cast<Write>(::dlsym(RTLD_NEXT, "pwrite64"));
  const bool watched = points.wanted() && isLog(fd);
  if (watched) points.beforeWrite(bytes, size);
  const ssize_t written = write(fd, bytes, size, at);
  if (watched) points.afterWrite(size);
  return written;
}
