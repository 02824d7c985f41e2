#include "entrypoint/testing/http_peers.h"

#include "entrypoint/testing/programs.h"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace cairn::entrypoint::testing {
namespace {

bool sendAll(int socket, const std::string& bytes) {
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::send(socket, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (n <= 0) return false;
    done += static_cast<size_t>(n);
  }
  return true;
}

bool receive(int socket, std::string& buffer) {
  char bytes[64 * 1024];
  const ssize_t n = ::recv(socket, bytes, sizeof bytes, 0);
  if (n > 0) buffer.append(bytes, static_cast<size_t>(n));
  return n > 0;
}

std::string takeUpTo(int socket, std::string& buffer, const std::string& end) {
  size_t at;
  while ((at = buffer.find(end)) == std::string::npos)
    if (!receive(socket, buffer)) return {};
  std::string out = buffer.substr(0, at + end.size());
  buffer.erase(0, out.size());
  return out;
}

std::string takeBytes(int socket, std::string& buffer, size_t size) {
  while (buffer.size() < size && receive(socket, buffer)) {
  }
  std::string out = buffer.substr(0, size);
  buffer.erase(0, out.size());
  return out;
}

bool has(const std::string& head, const std::string& text) {
  return head.find(text) != std::string::npos;
}

// The body that `head` announces; false when it breaks off.
bool takeBody(int socket, std::string& buffer, const std::string& head, std::string& body) {
  const size_t length = head.find("Content-Length: ");
  if (length != std::string::npos) {
    const size_t size = std::strtoull(head.c_str() + length + 16, nullptr, 10);
    body = takeBytes(socket, buffer, size);
    return body.size() == size;
  }
  if (!has(head, "Transfer-Encoding: chunked")) return true;
  for (;;) {
    const std::string line = takeUpTo(socket, buffer, "\r\n");
    if (line.empty()) return false;
    const size_t size = std::strtoull(line.c_str(), nullptr, 16);
    body += takeBytes(socket, buffer, size);
    if (takeUpTo(socket, buffer, "\r\n").empty()) return false;
    if (size == 0) return true;
  }
}

// Whether the peer has all bytes that were sent to it, be it only in its socket.
bool hasArrived(int socket) {
  int unacknowledged = 0;
  return ::ioctl(socket, SIOCOUTQ, &unacknowledged) == 0 && unacknowledged == 0;
}

sockaddr_in loopback(uint16_t port) {
  sockaddr_in out = {};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

std::string plain(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

Client::Client(const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in peer = loopback(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  // No answer is a failed test, not one that hangs.
  const timeval patience{.tv_sec = 20, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

Client::~Client() {
  if (socket_ >= 0) ::close(socket_);
}

bool Client::send(const std::string& bytes) {
  return sendAll(socket_, bytes);
}

Response Client::read(bool toHead) {
  Response out;
  out.head = takeUpTo(socket_, buffer_, "\r\n\r\n");
  const bool bodiless = toHead || out.status() < 200;
  out.whole = !out.head.empty() && (bodiless || takeBody(socket_, buffer_, out.head, out.body));
  return out;
}

std::string Client::readBytes(size_t size) {
  return takeBytes(socket_, buffer_, size);
}

Response Client::get(const std::string& path) {
  send("GET " + path + " HTTP/1.1\r\nHost: shop\r\n\r\n");
  return read();
}

TestBackend::TestBackend(std::string name) : name_(std::move(name)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in own = loopback(0);
  socklen_t size = sizeof own;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&own), size) != 0 || ::listen(listener_, 64) != 0)
    std::abort();
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&own), &size);
  address_ = "127.0.0.1:" + std::to_string(ntohs(own.sin_port));
  acceptor_ = std::thread([this] { accept(); });
}

TestBackend::~TestBackend() {
  stopping_ = released_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    std::lock_guard lock(mutex_);
    for (int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  eventually([&] { return serving_ == 0; });
}

void TestBackend::accept() {
  for (int socket; (socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0 && !stopping_;) {
    ++accepted_;
    ++serving_;
    {
      std::lock_guard lock(mutex_);
      sockets_.insert(socket);
    }
    std::thread([this, socket] { serve(socket); }).detach();
  }
}

void TestBackend::serve(int socket) {
  std::string buffer;
  for (bool more = true; more;) {
    const std::string head = takeUpTo(socket, buffer, "\r\n\r\n");
    more = !head.empty() && answer(socket, buffer, head);
  }
  {
    std::lock_guard lock(mutex_);
    sockets_.erase(socket);
    ::close(socket);
  }
  --serving_;
}

bool TestBackend::answer(int socket, std::string& buffer, const std::string& head) {
  if (has(head, "Upgrade: ")) {
    sendAll(socket, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    do {
      if (!sendAll(socket, buffer)) return false;
      buffer.clear();
    } while (receive(socket, buffer));
    return false;
  }
  if (has(head, " /early ")) sendAll(socket, "HTTP/1.1 100 Continue\r\n\r\n");
  if (has(head, " /refuse ")) {
    sendAll(socket, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno\n");
    eventually([&] { return released_.load(); });
    return false;
  }
  if (has(head, " /unread ")) eventually([&] { return released_.load(); });
  std::string body;
  if (!takeBody(socket, buffer, head, body)) return false;
  if (has(head, " /stray ")) {
    sendAll(socket, plain(name_));
    eventually([&] { return released_.load(); });
    strayed_ = sendAll(socket, plain("for nobody")) && eventually([&] { return hasArrived(socket); });
    return true;
  }
  if (has(head, " /large ")) return sendAll(socket, plain(std::string(100'000'000, 'x')));
  if (has(head, " /held ")) {
    ++holding_;
    eventually([&] { return released_.load(); });
    --holding_;
  }
  if (head.starts_with("HEAD")) return sendAll(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
  if (has(head, " /headers ")) return sendAll(socket, plain(head));
  if (has(head, " /count ") || has(head, " /early "))
    return sendAll(socket, plain(std::to_string(body.size())));
  if (has(head, " /chunked "))
    return sendAll(socket,
                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n" + name_ + "\r\n0\r\n\r\n");
  if (has(head, " /broken "))
    return sendAll(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this") && false;
  return sendAll(socket, plain(name_)) && !has(head, " /once ");
}

}  // namespace cairn::entrypoint::testing
