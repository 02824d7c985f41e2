// steady_load URL RATE SECONDS CONNECTIONS: asks for URL so many times a second, whether or not the answers
// keep up, on connections that stay open. Prints the 50th and 99th percentile of the delay in milliseconds,
// and how many were answered a second. Fails when an answer is not 200, or a connection ends.
//
// A request's delay counts from when it was due: one that waits for a free connection waits, as a user would.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
  int fd = -1;
  Clock::time_point due;  // of the request under way
  std::string answer;
};

int connectTo(const std::string& authority) {
  const auto colon = authority.rfind(':');
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(std::atoi(authority.c_str() + colon + 1)));
  ::inet_pton(AF_INET, authority.substr(0, colon).c_str(), &address.sin_addr);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("nobody answers at " + authority);
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return fd;
}

// True once all of it has come; such servers as this measures say its length.
bool isWhole(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  if (end == answer.npos) return false;
  if (answer.compare(0, 12, "HTTP/1.1 200") != 0)
    throw std::runtime_error("the answer is " + answer.substr(0, answer.find('\r')));
  const auto length = answer.find("Content-Length: ");
  if (length == answer.npos || length > end) throw std::runtime_error("the answer has no Content-Length");
  return answer.size() >= end + 4 + std::strtoul(answer.c_str() + length + 16, nullptr, 10);
}

class Load {
 public:
  Load(const std::string& url, int connections) : connections_(static_cast<size_t>(connections)) {
    const std::string rest = url.substr(url.find("://") + 3), authority = rest.substr(0, rest.find('/'));
    request_ = "GET / HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    for (Connection& connection : connections_) {
      connection.fd = connectTo(authority);
      epoll_event event = {.events = EPOLLIN, .data = {.ptr = &connection}};
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event);
      idle_.push_back(&connection);
    }
  }

  void run(double rate, double seconds) {
    const auto interval =
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / rate));
    const auto start = Clock::now();
    const auto end =
        start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    for (auto next = start; next < end || idle_.size() < connections_.size();) {
      const auto now = Clock::now();
      for (; next < end && next <= now && !idle_.empty(); next += interval) send(next);
      receive(next < end && !idle_.empty() ? next - now : std::chrono::seconds(1));
    }
    elapsed_ = std::chrono::duration<double>(Clock::now() - start).count();
  }

  void print() {
    const auto percentile = [&](double part) {
      const auto at = delays_.begin() + static_cast<long>(static_cast<double>(delays_.size() - 1) * part);
      std::nth_element(delays_.begin(), at, delays_.end());
      return *at;
    };
    std::printf("%.3f %.3f %.0f\n", percentile(0.5), percentile(0.99),
                static_cast<double>(delays_.size()) / elapsed_);
  }

 private:
  void send(Clock::time_point due) {
    Connection& connection = *idle_.back();
    idle_.pop_back();
    connection.due = due;
    connection.answer.clear();
    if (::send(connection.fd, request_.data(), request_.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request_.size()))
      throw std::runtime_error("a connection was closed");
  }

  void receive(Clock::duration atMost) {
    const auto wait = std::max<long>(0, std::chrono::nanoseconds(atMost).count());
    const timespec limit = {wait / 1'000'000'000, wait % 1'000'000'000};
    epoll_event events[64];
    const int count = ::epoll_pwait2(epoll_, events, 64, &limit, nullptr);
    for (int i = 0; i < count; ++i) take(*static_cast<Connection*>(events[i].data.ptr));
  }

  void take(Connection& connection) {
    char piece[16 * 1024];
    const ssize_t size = ::recv(connection.fd, piece, sizeof piece, MSG_DONTWAIT);
    if (size <= 0) throw std::runtime_error("a connection was closed");
    connection.answer.append(piece, static_cast<size_t>(size));
    if (!isWhole(connection.answer)) return;
    delays_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - connection.due).count());
    idle_.push_back(&connection);
  }

  const int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::string request_;
  std::vector<Connection> connections_;
  std::vector<Connection*> idle_;  // the last used is at the back
  std::vector<double> delays_;     // in milliseconds
  double elapsed_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return std::fprintf(stderr, "steady_load URL RATE SECONDS CONNECTIONS\n"), 2;
  try {
    Load load(argv[1], std::atoi(argv[4]));
    load.run(std::atof(argv[2]), std::atof(argv[3]));
    load.print();
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "steady_load: %s\n", error.what()), 1;
  }
}
