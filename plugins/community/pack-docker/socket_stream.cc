#include "socket_stream.h"

#include <boost/asio/error.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace cairn::plugins::pack_docker {
namespace {

boost::system::error_code lastError() {
  return {errno, boost::system::system_category()};
}

}  // namespace

SocketStream::~SocketStream() {
  if (fd_ >= 0) ::close(fd_);
}

boost::system::error_code SocketStream::connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {ENAMETOOLONG, boost::system::system_category()};
  std::strcpy(address.sun_path, path.c_str());
  fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return lastError();
  return {};
}

bool SocketStream::waitFor(short events, boost::system::error_code& error) const {
  pollfd fds[] = {{fd_, events, 0}, {call_.cancelFd(), POLLIN, 0}};
  while (::poll(fds, 2, -1) < 0) {
    if (errno == EINTR) continue;
    error = lastError();
    return false;
  }
  error = {};
  if (fds[1].revents != 0) error = boost::asio::error::operation_aborted;
  return !error;
}

std::size_t SocketStream::receive(void* data, std::size_t size, boost::system::error_code& error) {
  if (!waitFor(POLLIN, error)) return 0;
  auto count = ::recv(fd_, data, size, 0);
  if (count > 0) return count;
  if (count < 0)
    error = lastError();
  else
    error = boost::asio::error::eof;
  return 0;
}

std::size_t SocketStream::send(const void* data, std::size_t size, boost::system::error_code& error) {
  if (!waitFor(POLLOUT, error)) return 0;
  auto count = ::send(fd_, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count >= 0) return count;
  if (errno != EAGAIN) error = lastError();
  return 0;
}

}  // namespace cairn::plugins::pack_docker
