#include "entrypoint/control_client.h"

#include "entrypoint/control_address.h"

#include <cerrno>

namespace cairn::entrypoint {
namespace {

constexpr size_t kMaxPassed = 8;

Error unreachable(const std::string& path, const std::string& why) {
  return Error{.kind = ErrorKind::Unavailable,
               .code = "control-unreachable",
               .message = "nothing answers at " + path + ": " + why,
               .hint = "the program that listens there may have ended; its state file says how"};
}

// Sends the first bytes of `text` with the descriptors; the count sent, or -1.
ssize_t sendPassing(int socket, const std::string& text, std::span<const int> descriptors) {
  iovec data{const_cast<char*>(text.data()), text.size()};
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxPassed)] = {};
  if (!descriptors.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
  }
  return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

bool sendAll(int socket, const std::string& text, std::span<const int> descriptors) {
  ssize_t sent = sendPassing(socket, text, descriptors);
  size_t done = 0;
  while (sent >= 0 && (done += static_cast<size_t>(sent)) < text.size())
    sent = ::send(socket, text.data() + done, text.size() - done, MSG_NOSIGNAL);
  return sent >= 0;
}

std::string readLine(int socket) {
  std::string line;
  char buffer[4096];
  while (line.find('\n') == std::string::npos) {
    const ssize_t n = ::read(socket, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    line.append(buffer, static_cast<size_t>(n));
  }
  return line;
}

}  // namespace

Result<Descriptor> connectControl(const std::string& path) {
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const ControlAddress address(path);
  if (!socket || ::connect(socket.get(), address.get(), address.size()) != 0)
    return unreachable(path, std::strerror(errno));
  return socket;
}

Result<FlatJson> askControl(const std::string& path, const FlatJson& request,
                            std::span<const int> descriptors) {
  CAIRN_ASSERT(descriptors.size() <= kMaxPassed);
  const Descriptor socket = CAIRN_TRY(connectControl(path));
  if (!sendAll(socket.get(), request.line() + "\n", descriptors))
    return unreachable(path, std::strerror(errno));
  const std::string line = readLine(socket.get());
  if (line.empty()) return unreachable(path, "it ended without an answer");
  FlatJson answer = CAIRN_TRY(FlatJson::parse(line));
  if (!answer.findBool("ok").value_or(false)) return errorOf(answer);
  return answer;
}

}  // namespace cairn::entrypoint
