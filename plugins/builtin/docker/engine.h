#pragma once
// The Docker Engine API: one request a connection, JSON in and out, streams where the engine streams.
//
// Every wait ends when the call is cancelled. Methods may be called from several threads.

#include "engine_address.h"

#include <cairn/base/result.h>

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::plugins::docker {

using Json = nlohmann::json;
using Bytes = std::function<void(std::string_view)>;

// A path with its query, put together piece by piece: Target("/build").with("t", name).
class Target {
 public:
  explicit Target(std::string path) : text_(std::move(path)) {}
  Target& with(std::string_view name, std::string_view value) &;
  Target&& with(std::string_view name, std::string_view value) && { return std::move(with(name, value)); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  char separator_ = '?';
};

// `text` as one part of a path or query.
std::string percentEncoded(std::string_view text);

struct EngineRequest {
  // Writes a body of unknown length, piece by piece, through the function it is given.
  using WriteBody = std::function<Result<void>(const std::function<Result<void>(std::string_view)>&)>;

  std::string method = "GET";
  std::string target;  // without the version
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string contentType = "application/json";
  WriteBody writeBody;  // instead of `body`
};

// A connection that was taken over by what it leads to: an exec'd program's stdin and output.
class Hijacked {
 public:
  virtual ~Hijacked() = default;
  // Waits for more; empty at the end.
  virtual Result<std::string> read() = 0;
  // May be called while another thread reads.
  virtual Result<void> write(std::string_view bytes) = 0;
  virtual void finishWriting() = 0;
};

class Engine {
 public:
  // Asks the engine at `address` which version of the API it speaks. `cancelFd` -1: nobody cancels.
  //
  // Errors: Unavailable "docker/unreachable"; Failed "docker/engine-too-old", "docker/engine-error".
  static Result<Engine> connect(const EngineAddress& address, int cancelFd);

  // The same engine for what must come to its end: nobody cancels it, but no wait is longer than half a
  // minute.
  Engine uncancelled() const;

  const EngineAddress& address() const { return address_; }
  const std::string& version() const { return version_; }

  // A JSON answer; null where the engine sends none.
  //
  // Errors: by the engine's status: NotFound "docker/not-found", Failed "docker/conflict", else Failed
  // "docker/engine-error"; Config "docker/not-utf8" of a body.
  Result<Json> get(const Target& target) const;
  Result<Json> post(const Target& target, const Json& body) const;
  Result<Json> post(const Target& target) const;
  Result<void> remove(const Target& target) const;

  // Gives out the answer's body as it comes. Errors as above.
  Result<void> stream(const EngineRequest& request, const Bytes& take) const;

  Result<std::unique_ptr<Hijacked>> hijack(const Target& target, const Json& body) const;

 private:
  Engine(EngineAddress address, int cancelFd) : address_(std::move(address)), cancelFd_(cancelFd) {}
  Result<Json> call(const EngineRequest& request) const;

  EngineAddress address_;
  int cancelFd_;
  std::chrono::milliseconds idleLimit_{0};
  std::string version_;
};

}  // namespace cairn::plugins::docker
