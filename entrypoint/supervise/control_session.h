#pragma once
// One client of a supervisor's control socket: its request as it comes in, and the command it may have
// running.

#include "entrypoint/descriptor.h"
#include "entrypoint/flat_json.h"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cairn::entrypoint {

class ControlSession {
 public:
  explicit ControlSession(Descriptor socket) : socket_(std::move(socket)) {}

  int socket() const { return socket_.get(); }
  bool closed() const { return !socket_; }

  // Reads what has come, with the descriptors passed along. The request's line, once it is whole; the session
  // is closed when the client has gone or sent more than a request may hold.
  std::optional<std::string> receive();
  void answer(const FlatJson& reply);  // and close
  void close() { socket_.reset(); }

  // The descriptors that came with the request.
  const std::vector<Descriptor>& passed() const { return passed_; }
  void dropPassed() { passed_.clear(); }

  pid_t guest = 0;           // the command it runs by `exec`
  bool waitsForEnd = false;  // it asked to stop
  std::optional<std::chrono::steady_clock::time_point>
      killAt;  // its client left: the command must end by then

 private:
  Descriptor socket_;
  std::string input_;
  std::vector<Descriptor> passed_;
};

}  // namespace cairn::entrypoint
