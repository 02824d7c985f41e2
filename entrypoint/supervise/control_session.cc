#include "entrypoint/supervise/control_session.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace cairn::entrypoint {
namespace {

constexpr size_t kMaxRequestBytes = 2 * 1024 * 1024;  // a command line can't be longer
constexpr size_t kMaxPassed = 8;
constexpr int kAnswerTimeoutMs = 1000;

}  // namespace

std::optional<std::string> ControlSession::receive() {
  char buffer[16 * 1024];
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxPassed)];
  iovec data{buffer, sizeof buffer};
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t n = ::recvmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  if (n <= 0) {
    close();
    return std::nullopt;
  }
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    for (size_t at = 0; at + CMSG_LEN(0) + sizeof(int) <= header->cmsg_len; at += sizeof(int)) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + at, sizeof fd);
      passed_.emplace_back(fd);
    }
  }
  input_.append(buffer, static_cast<size_t>(n));
  if (input_.size() > kMaxRequestBytes || passed_.size() > kMaxPassed) close();
  const size_t end = input_.find('\n');
  if (closed() || end == std::string::npos) return std::nullopt;
  std::string line = input_.substr(0, end);
  input_.clear();
  return line;
}

void ControlSession::answer(const FlatJson& reply) {
  if (closed()) return;
  const std::string line = reply.line() + "\n";
  size_t done = 0;
  while (done < line.size()) {
    const ssize_t n = ::send(socket_.get(), line.data() + done, line.size() - done, MSG_NOSIGNAL);
    if (n > 0) done += static_cast<size_t>(n);
    pollfd writable{socket_.get(), POLLOUT, 0};
    // A client that does not read must not hold up the app.
    if (n < 0 && (errno != EAGAIN || ::poll(&writable, 1, kAnswerTimeoutMs) <= 0)) break;
  }
  close();
}

}  // namespace cairn::entrypoint
