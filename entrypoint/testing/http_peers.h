#pragma once
// Both ends that a proxy stands between, plain and blocking: a client that says exactly what it is told, and
// a backend that behaves as the path asks.

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace cairn::entrypoint::testing {

struct Response {
  std::string head;  // status line and fields
  std::string body;
  bool whole = false;  // it ended where its head says

  int status() const { return head.size() > 12 ? std::stoi(head.substr(9, 3)) : 0; }
};

class Client {
 public:
  explicit Client(const std::string& address);  // 127.0.0.1:PORT
  ~Client();
  Client(const Client&) = delete;

  bool send(const std::string& bytes);
  // The next response; `toHead` says that it answers a HEAD.
  Response read(bool toHead = false);
  // Exactly `size` bytes, or what came before the end.
  std::string readBytes(size_t size);
  Response get(const std::string& path);
  bool atEnd() { return readBytes(1).empty(); }

 private:
  int socket_ = -1;
  std::string buffer_;
};

// Answers its name, and:
//   /headers   the request's head            /held     once release() was called
//   /count     how many body bytes it got    /chunked  its name in chunks
//   /once      its name, then closes the connection without having said so
//   /early     answers 100 Continue before it reads the body, then as /count
//   /refuse    413 at once, its body unread
//   /broken    half of what its head promises
//   /stray     its name, and once release() was called another answer that nobody asked for
//   /large     100 MB
//   /unread    reads no body until release() was called
//   an Upgrade request: 101, then every byte comes back
class TestBackend {
 public:
  explicit TestBackend(std::string name);
  ~TestBackend();
  TestBackend(const TestBackend&) = delete;

  const std::string& address() const { return address_; }
  void release() { released_ = true; }
  bool holds() const { return holding_ > 0; }  // a request is at /held
  bool hasStrayed() const { return strayed_; }
  int connections() const { return accepted_; }

 private:
  void accept();
  void serve(int socket);
  bool answer(int socket, std::string& buffer, const std::string& head);

  std::string name_;
  std::string address_;
  int listener_ = -1;
  std::atomic<bool> released_{false};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> strayed_{false};
  std::atomic<int> holding_{0};
  std::atomic<int> accepted_{0};
  std::atomic<int> serving_{0};
  std::mutex mutex_;
  std::set<int> sockets_;
  std::thread acceptor_;
};

}  // namespace cairn::entrypoint::testing
