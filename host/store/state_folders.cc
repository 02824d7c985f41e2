#include "host/store/state_folders.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace cairn::host {
namespace {

std::string absoluteOrEmpty(const char* variable) {
  const char* value = getenv(variable);
  return value != nullptr && value[0] == '/' ? value : "";
}

Result<std::string> xdgFolder(const char* variable, const char* underHome) {
  std::string base = absoluteOrEmpty(variable);
  if (!base.empty()) return base + "/cairn";
  std::string home = absoluteOrEmpty("HOME");
  if (!home.empty()) return home + underHome + "/cairn";
  return Error{.kind = ErrorKind::Config,
               .code = "no-home",
               .message = std::string("neither ") + variable + " nor HOME names an absolute folder",
               .hint = std::string("set HOME, or ") + variable + " to a folder that is kept"};
}

bool isFolder(const std::string& path) {
  struct stat found;
  return stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

}  // namespace

Result<StateFolders> findStateFolders() {
  StateFolders out;
  out.state = CAIRN_TRY(xdgFolder("XDG_STATE_HOME", "/.local/state"));
  out.cache = CAIRN_TRY(xdgFolder("XDG_CACHE_HOME", "/.cache"));
  return out;
}

Result<void> makePrivateFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0) return {};
  int refused = errno;
  if (isFolder(path)) return {};
  if (refused != ENOENT) return folderError("create", path, refused);
  size_t slash = path.find_last_of('/');
  if (slash == std::string::npos || slash == 0) return folderError("create", path, ENOENT);
  CAIRN_TRY(makePrivateFolder(path.substr(0, slash)));
  // Somebody else may have made it meanwhile.
  if (mkdir(path.c_str(), 0700) == 0) return {};
  refused = errno;
  if (isFolder(path)) return {};
  return folderError("create", path, refused);
}

Error folderError(std::string_view verb, const std::string& path, int systemError) {
  Error out{.kind = ErrorKind::Failed,
            .message = "cannot " + std::string(verb) + ' ' + path + ": " + strerror(systemError)};
  switch (systemError) {
    case EACCES:
    case EPERM:
    case EROFS:
      out.code = "store-read-only";
      out.hint = "make the folder writable for you, or set XDG_STATE_HOME to one that is";
      break;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      out.code = "store-full";
      out.hint = "free some space and run the command again; what was recorded before is whole";
      break;
    default:
      out.code = "state-folder";
      out.hint = "look at what is there, or set XDG_STATE_HOME to another folder";
  }
  return out;
}

}  // namespace cairn::host
