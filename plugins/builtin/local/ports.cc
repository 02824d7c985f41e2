#include "ports.h"

#include "descriptor.h"
#include "process_facts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace cairn::plugins::local {
namespace fs = std::filesystem;
namespace {

constexpr char kListening[] = "0A";  // TCP_LISTEN in /proc/net/tcp

// A socket bound as a server binds its own, so that connections in TIME_WAIT don't count; none when the port
// is taken.
Descriptor bindLoopback(std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  // Two sockets that both reuse the address may be bound to it; only one may listen.
  if (!bound || ::listen(socket.get(), 1) != 0) return {};
  return socket;
}

// The inodes of the sockets that listen on `port`, from a table such as /proc/net/tcp.
void addListeners(const char* table, std::uint16_t port, std::set<std::string>& inodes) {
  char wanted[8];
  std::snprintf(wanted, sizeof wanted, ":%04X", port);
  std::ifstream file(table);
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
    if (state == kListening && local.ends_with(wanted)) inodes.insert("socket:[" + inode + "]");
  }
}

bool holdsAny(const fs::path& process, const std::set<std::string>& inodes) {
  std::error_code failure;
  for (fs::directory_iterator fd(process / "fd", failure), end; !failure && fd != end;
       fd.increment(failure)) {
    std::error_code unreadable;
    if (inodes.contains(fs::read_symlink(fd->path(), unreadable).string())) return true;
  }
  return false;
}

}  // namespace

Result<std::uint16_t> chooseFreePort() {
  const Descriptor socket = bindLoopback(0);
  sockaddr_in address = {};
  socklen_t size = sizeof address;
  if (!socket || ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return Error{.kind = ErrorKind::Unavailable,
                 .code = "local/port-in-use",
                 .message = "no loopback port is free",
                 .hint = "see what listens with 'ss -ltn'"};
  return ntohs(address.sin_port);
}

bool isPortFree(std::uint16_t port) {
  return static_cast<bool>(bindLoopback(port));
}

std::optional<PortHolder> findPortHolder(std::uint16_t port) {
  std::set<std::string> inodes;
  addListeners("/proc/net/tcp", port, inodes);
  addListeners("/proc/net/tcp6", port, inodes);
  if (inodes.empty()) return std::nullopt;
  std::error_code failure;
  for (fs::directory_iterator process("/proc", failure), end; !failure && process != end;
       process.increment(failure)) {
    const std::string name = process->path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos || !holdsAny(process->path(), inodes))
      continue;
    std::error_code unreadable;
    return PortHolder{std::stoi(name), fs::read_symlink(process->path() / "exe", unreadable).filename()};
  }
  return std::nullopt;
}

bool descendsFrom(int pid, int ancestor) {
  while (pid > 1 && pid != ancestor) {
    const auto facts = processFacts(pid);
    pid = facts ? facts->parent : 0;
  }
  return pid == ancestor;
}

}  // namespace cairn::plugins::local
