#pragma once
// One HTTP request and its answer on a connection of their own. Boost.Beast stays behind this header.

#include "engine.h"

namespace cairn::plugins::docker {

class HttpExchange {
 public:
  // Connects and sends the whole request. When the engine answers before it has read all of a body, the rest
  // is not sent.
  static Result<std::unique_ptr<HttpExchange>> send(const EngineAddress& address,
                                                    const EngineRequest& request, int cancelFd,
                                                    std::chrono::milliseconds idleLimit);
  virtual ~HttpExchange() = default;

  virtual unsigned status() const = 0;
  virtual std::string header(std::string_view name) const = 0;
  // Gives out the body to its end.
  virtual Result<void> readBody(const Bytes& take) = 0;
  // After a status of 101 or a hijacked 200: the bare connection. The exchange is used up.
  virtual std::unique_ptr<Hijacked> hijack() = 0;
};

}  // namespace cairn::plugins::docker
