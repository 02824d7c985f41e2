#pragma once
// One client's connection: a request after the other, until one side has enough.

#include "entrypoint/proxy/exchange.h"

#include <set>

namespace cairn::entrypoint {

class Session;

// What all sessions share.
struct Proxy {
  explicit Proxy(Executor executor) : router(executor), quiet(executor) {}

  Router router;
  Timeouts timeouts;
  bool stopping = false;  // each session ends with the request it is in
  uint64_t requests = 0;  // since the start
  std::set<Session*> sessions;
  Signal quiet;  // woken when the last session ends
};

class Session {
 public:
  // The proxy outlives the session.
  Session(Proxy& proxy, Socket client);
  ~Session();
  Session(const Session&) = delete;

  Task<void> run();
  // Ends what is overdue.
  void check(Clock::time_point now) { watch_.check(client_, now); }
  // The proxy is stopping: ends now if nothing was asked, else after the answer.
  void finish();
  void close();
  // Between two requests, or in the middle of a request's head: how long it may stay so. None while it is
  // served and while it hears our last words.
  std::optional<Clock::time_point> waitsUntil() const;

 private:
  Task<bool> serveNext();
  Task<bool> readRequestHead(RequestParser& request);
  Task<void> refuse(unsigned status, std::string_view why, bool head);
  Task<void> closeGently();

  Proxy& proxy_;
  Connection client_;
  std::string address_;
  Watch watch_;
  bool served_ = false;   // at least one request
  bool closing_ = false;  // the client hears our last words
};

}  // namespace cairn::entrypoint
