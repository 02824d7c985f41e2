#include "host/project/text_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace cairn::host {
namespace {

Error unreadable(const std::string& shown, const std::string& why) {
  return {.kind = ErrorKind::Config,
          .code = "unreadable-file",
          .message = "can't read " + shown + ": " + why,
          .hint = "look whether the file is there and may be read"};
}

}  // namespace

Result<std::string> readTextFile(const std::filesystem::path& file, const std::string& shown,
                                 std::size_t largest) {
  // Without O_NONBLOCK a named pipe would hold us for ever.
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return unreadable(shown, std::strerror(errno));
  struct Closer {
    int fd;
    ~Closer() { ::close(fd); }
  } closer{fd};
  struct stat status {};
  if (::fstat(fd, &status) != 0) return unreadable(shown, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return unreadable(shown, "it is not a file");
  std::string out;
  char block[64 << 10];
  for (;;) {
    const ssize_t got = ::read(fd, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(shown, std::strerror(errno));
    if (got == 0) return out;
    out.append(block, static_cast<std::size_t>(got));
    if (out.size() > largest)
      return unreadable(shown, "it is larger than " + std::to_string(largest >> 20) + " MiB");
  }
}

}  // namespace cairn::host
