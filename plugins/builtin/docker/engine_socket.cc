#include "engine_socket.h"

#include <boost/asio/error.hpp>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace cairn::plugins::docker {
namespace {

constexpr int kSocketFlags = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;

// Why there is no connection.
struct Cause {
  int code = 0;      // an errno; 0: there is one
  std::string text;  // instead of the errno's own
};

Error unreachable(const EngineAddress& address, const std::string& why, std::string hint) {
  const std::string source = address.source.empty() ? "" : " (" + address.source + ")";
  return Error{.kind = ErrorKind::Unavailable,
               .code = "docker/unreachable",
               .message = "can't reach " + address.peer + " at " + address.text + source + ": " + why,
               .hint = std::move(hint)};
}

Error unreachable(const EngineAddress& address, const Cause& cause) {
  switch (cause.code) {
    case ENOENT:
      return unreachable(
          address, "no such socket",
          "install and start Docker (systemctl start docker), or set DOCKER_HOST or the setting host");
    case EACCES:
    case EPERM:
      return unreachable(
          address, "permission denied",
          "run as a member of the group that owns the socket: usermod -aG docker $USER, then log in again");
    case ECONNREFUSED:
      return unreachable(address, "nothing listens there", "start the engine: systemctl start docker");
    default:
      return unreachable(address, cause.text.empty() ? std::strerror(cause.code) : cause.text,
                         "look at the address, and at the engine's own log: journalctl -u docker");
  }
}

bool waitFor(int fd, short events, int cancelFd, int timeoutMs, int& cause) {
  pollfd fds[2] = {{fd, events, 0}, {cancelFd, POLLIN, 0}};
  for (;;) {
    const int ready = ::poll(fds, cancelFd >= 0 ? 2 : 1, timeoutMs);
    if (ready < 0 && errno == EINTR) continue;
    cause = ready < 0 ? errno : ready == 0 ? ETIMEDOUT : 0;
    if (cause == 0 && cancelFd >= 0 && fds[1].revents != 0) cause = ECANCELED;
    return cause == 0;
  }
}

// 0, or why it failed.
int connectSocket(int fd, const sockaddr* address, socklen_t size, int cancelFd) {
  constexpr int kConnectMs = 10'000, kAgainMs = 50;
  for (int waited = 0; ::connect(fd, address, size) != 0; waited += kAgainMs) {
    if (errno == EINPROGRESS) break;
    // A unix socket whose queue is full: nothing is on its way, so that nothing could be waited for.
    if (errno != EAGAIN || waited >= kConnectMs) return errno;
    pollfd cancelled{cancelFd, POLLIN, 0};
    if (::poll(&cancelled, 1, kAgainMs) > 0) return ECANCELED;
  }
  int cause = 0;
  if (!waitFor(fd, POLLOUT, cancelFd, kConnectMs, cause)) return cause;
  socklen_t causeSize = sizeof cause;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &cause, &causeSize);
  return cause;
}

Cause connectUnix(const EngineAddress& address, int cancelFd, int& fd) {
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  if (address.path.size() >= sizeof name.sun_path) return {ENAMETOOLONG, {}};
  std::memcpy(name.sun_path, address.path.data(), address.path.size());
  fd = ::socket(AF_UNIX, kSocketFlags, 0);
  if (fd < 0) return {errno, {}};
  return {connectSocket(fd, reinterpret_cast<sockaddr*>(&name), sizeof name, cancelFd), {}};
}

Cause connectTcp(const EngineAddress& address, int cancelFd, int& fd) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int unknown = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
  if (unknown != 0) {
    const bool system = unknown == EAI_SYSTEM;
    return {EHOSTUNREACH, address.host + ": " + (system ? std::strerror(errno) : ::gai_strerror(unknown))};
  }
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  int cause = EHOSTUNREACH;
  for (; found != nullptr && cause != 0 && cause != ECANCELED; found = found->ai_next) {
    if (fd >= 0) ::close(fd);
    fd = ::socket(found->ai_family, kSocketFlags, 0);
    cause = fd < 0 ? errno : connectSocket(fd, found->ai_addr, found->ai_addrlen, cancelFd);
  }
  return {cause, {}};
}

}  // namespace

Result<EngineSocket> EngineSocket::connect(const EngineAddress& address, int cancelFd,
                                           std::chrono::milliseconds idleLimit) {
  int fd = -1;
  const Cause cause =
      address.path.empty() ? connectTcp(address, cancelFd, fd) : connectUnix(address, cancelFd, fd);
  EngineSocket socket(fd, cancelFd, idleLimit);
  if (cause.code == ECANCELED)
    return Error{.kind = ErrorKind::Cancelled, .code = "cancelled", .message = "stopped as asked"};
  if (cause.code != 0) return unreachable(address, cause);
  return socket;
}

EngineSocket::~EngineSocket() {
  if (fd_ >= 0) ::close(fd_);
}

bool EngineSocket::wait(short events, boost::system::error_code& error) {
  int cause = 0;
  if (waitFor(fd_, events, cancelFd_, idleLimit_.count() > 0 ? static_cast<int>(idleLimit_.count()) : -1,
              cause))
    return true;
  if (cause == ECANCELED) {
    error = boost::asio::error::operation_aborted;
  } else {
    error.assign(cause, boost::system::system_category());
  }
  return false;
}

std::size_t EngineSocket::readSome(void* data, std::size_t size, boost::system::error_code& error) {
  error = {};
  while (size > 0 && wait(POLLIN, error)) {
    const ssize_t got = ::recv(fd_, data, size, 0);
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0) {
      error = boost::asio::error::eof;
      break;
    }
    if (errno == EAGAIN || errno == EINTR) continue;
    error.assign(errno, boost::system::system_category());
    break;
  }
  return 0;
}

std::size_t EngineSocket::writeSome(const void* data, std::size_t size, boost::system::error_code& error) {
  error = {};
  while (size > 0 && wait(POLLOUT, error)) {
    const ssize_t sent = ::send(fd_, data, size, MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (errno == EAGAIN || errno == EINTR) continue;
    error.assign(errno, boost::system::system_category());
    break;
  }
  return 0;
}

void EngineSocket::finishWriting() {
  ::shutdown(fd_, SHUT_WR);
}

}  // namespace cairn::plugins::docker
