#include "probe.h"

#include "descriptor.h"
#include "ports.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace cairn::plugins::local {
namespace {

using Clock = std::chrono::steady_clock;

// One probe's socket, its time and its cancellation.
class ProbeConnection {
 public:
  ProbeConnection(std::chrono::milliseconds timeout, int cancelFd)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
        end_(Clock::now() + timeout),
        cancelFd_(cancelFd) {}

  // All answer an errno, 0 when it went well.
  int connect(std::uint16_t port) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    if (int why = wait(POLLOUT)) return why;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
  }

  int send(const std::string& text) {
    // Short enough for the empty buffer of a new connection.
    return ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0 ? errno : 0;
  }

  int readLine(std::string& line) {
    char buffer[256];
    while (line.find('\n') == std::string::npos && line.size() < 4096) {
      if (int why = wait(POLLIN)) return why;
      const ssize_t n = ::recv(socket_.get(), buffer, sizeof buffer, 0);
      if (n <= 0) return n == 0 ? ECONNRESET : errno;
      line.append(buffer, static_cast<size_t>(n));
    }
    return 0;
  }

 private:
  int wait(short event) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now()).count();
    pollfd fds[] = {{socket_.get(), event, 0}, {cancelFd_, POLLIN, 0}};
    if (left <= 0 || ::poll(fds, 2, static_cast<int>(left)) <= 0) return ETIMEDOUT;
    return fds[1].revents != 0 ? ECANCELED : 0;
  }

  Descriptor socket_;
  Clock::time_point end_;
  int cancelFd_;
};

ProbeResult notReady(int why) {
  if (why == ECONNREFUSED) return {false, false, "nothing listens on the port"};
  if (why == ECONNRESET) return {false, false, "the connection was closed without an answer"};
  if (why == ETIMEDOUT) return {false, false, "it took the connection but gave no answer in time"};
  return {false, false, std::strerror(why)};
}

}  // namespace

ProbeResult probeOnce(const ProbeTarget& target, std::chrono::milliseconds timeout, int cancelFd) {
  ProbeConnection connection(timeout, cancelFd);
  if (int why = connection.connect(target.port)) return notReady(why);
  if (target.path.empty()) return {true, true, {}};
  const std::string host = std::string(kLoopback) + ":" + std::to_string(target.port);
  const std::string request = "GET " + target.path + " HTTP/1.1\r\nHost: " + host +
                              "\r\nUser-Agent: cairn-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n";
  if (int why = connection.send(request)) return notReady(why);
  std::string line;
  if (int why = connection.readLine(line)) return notReady(why);
  int status = 0;
  if (std::sscanf(line.c_str(), "HTTP/1.%*1d %3d", &status) != 1)
    return {false, true, "its answer is not HTTP"};
  return {status >= 200 && status < 400, true, "GET " + target.path + " answered " + std::to_string(status)};
}

}  // namespace cairn::plugins::local
