#pragma once
// One deployment behind the proxy: where it is, the connections kept open to it, and what is still in flight
// there.
//
// The router knows which of them gets the next request. One that was switched away from lives on until its
// last request has ended.

#include "entrypoint/proxy/connection.h"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace cairn::entrypoint {

class Backend {
 public:
  Backend(Executor executor, Endpoint endpoint, std::string deployment)
      : endpoint_(endpoint), deployment_(std::move(deployment)), quiet_(executor) {}

  const Endpoint& endpoint() const { return endpoint_; }
  const std::string& deployment() const { return deployment_; }

  // A connection kept from an earlier request, at most `maxIdle` ago; null when there is none.
  std::unique_ptr<Connection> takeIdle(Clock::duration maxIdle);
  // Keeps a connection for later, unless this backend is being drained.
  void keepIdle(std::unique_ptr<Connection> connection);
  // Closes what was not used for a while.
  void dropStale();

  // Something in flight here, for as long as it lives. `cut` ends it early; null where it must not be.
  class Use {
   public:
    explicit Use(std::shared_ptr<Backend> backend);
    Use(const Use&) = delete;
    ~Use();
    Backend& backend() const { return *backend_; }
    // From now on it is a tunnel, which drain() may end by `cut` when the time is up.
    void becomeTunnel(std::function<void()> cut);

   private:
    std::shared_ptr<Backend> backend_;
    std::function<void()> cut_;
    friend class Backend;
  };

  size_t inFlight() const { return uses_.size(); }
  bool draining() const { return draining_; }

  struct Drained {
    size_t left = 0;  // requests that still run; they are let run
    size_t cut = 0;   // tunnels that were ended
  };
  // Nothing new is given to it from now on.
  void retire();
  // Waits until all in flight there has ended, or the time is up.
  static Task<Drained> drain(std::shared_ptr<Backend> backend, Clock::time_point deadline);

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    Clock::time_point since;
  };

  Endpoint endpoint_;
  std::string deployment_;
  std::vector<Idle> idle_;  // the last used is at the back
  std::set<Use*> uses_;
  bool draining_ = false;
  Signal quiet_;
};

// Which backend gets the next request.
class Router {
 public:
  explicit Router(Executor executor) : executor_(executor) {}

  // Null before the first switch.
  const std::shared_ptr<Backend>& current() const { return current_; }
  // The next request goes there. The one before; null where there is none, or it is the same.
  std::shared_ptr<Backend> switchTo(const Endpoint& endpoint, const std::string& deployment);
  // Those that were switched away from and still have something in flight.
  std::vector<std::shared_ptr<Backend>> draining() const;

 private:
  Executor executor_;
  std::shared_ptr<Backend> current_;
  std::vector<std::weak_ptr<Backend>> former_;
};

}  // namespace cairn::entrypoint
