#pragma once
// The address of a unix socket at a path that may be longer than the 107 bytes an address has room for.

#include "entrypoint/descriptor.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <string>

namespace cairn::entrypoint {

struct ControlAddress {
  explicit ControlAddress(const std::string& path) {
    std::string name = path;
    if (path.size() >= sizeof address.sun_path) {
      // Reached through its folder's descriptor, the name is short.
      const size_t slash = path.rfind('/');
      folder = Descriptor(
          ::open(slash == 0 ? "/" : path.substr(0, slash).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
      name = "/proc/self/fd/" + std::to_string(folder.get()) + path.substr(slash);
    }
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, name.c_str(), sizeof address.sun_path - 1);
  }

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
  static constexpr socklen_t size() { return sizeof(sockaddr_un); }

  sockaddr_un address = {};
  Descriptor folder;
};

}  // namespace cairn::entrypoint
