#include "entrypoint/atomic_file.h"

#include "entrypoint/descriptor.h"

#include <cairn/base/replace_file.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace cairn::entrypoint {
namespace {

std::string folderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

void makeFolderOf(const std::string& path) {
  const std::string folder = folderOf(path);
  struct stat found;
  if (::stat(folder.c_str(), &found) == 0 || folder == "/" || folder == ".") return;
  makeFolderOf(folder);
  ::mkdir(folder.c_str(), 0700);
}

Result<void> replaceFile(const std::string& path, std::string_view content) {
  makeFolderOf(path);
  if (cairn::replaceFile(path, content, Sync::Yes)) return {};
  return Error{.kind = ErrorKind::Failed,
               .code = "state-not-written",
               .message = "can't write " + path + ": " + std::strerror(errno),
               .hint = "the folder must be writable and its disk have room"};
}

std::optional<std::string> readFile(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  std::string out;
  char buffer[4096];
  for (;;) {
    const ssize_t n = ::read(file.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) return out;
    out.append(buffer, static_cast<size_t>(n));
  }
}

}  // namespace cairn::entrypoint
