#include "entrypoint/control_listener.h"

#include "entrypoint/atomic_file.h"
#include "entrypoint/control_address.h"
#include "entrypoint/control_client.h"

#include <sys/stat.h>

#include <cerrno>

namespace cairn::entrypoint {

Result<Descriptor> listenControl(const std::string& path) {
  if (connectControl(path))
    return Error{.kind = ErrorKind::Refused,
                 .code = "control-in-use",
                 .message = "another program listens at " + path,
                 .hint = "stop it first, or choose another --control"};
  makeFolderOf(path);
  ::unlink(path.c_str());
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const ControlAddress address(path);
  const mode_t before = ::umask(0177);
  const bool bound = socket && ::bind(socket.get(), address.get(), address.size()) == 0;
  const int why = errno;
  ::umask(before);
  if (!bound || ::listen(socket.get(), 16) != 0)
    return Error{.kind = ErrorKind::Failed,
                 .code = "control-not-made",
                 .message = "can't listen at " + path + ": " + std::strerror(bound ? errno : why),
                 .hint = "the folder must exist and be writable"};
  return socket;
}

}  // namespace cairn::entrypoint
