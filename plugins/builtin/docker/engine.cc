#include "engine.h"

#include "engine_http.h"
#include "json_fields.h"

#include <nlohmann/json.hpp>

#include <cctype>
#include <cstdio>

namespace cairn::plugins::docker {
namespace {

constexpr int kNewestMinor = 47;  // of API version 1, the newest that this client was written for
constexpr int kOldestMinor = 30;
constexpr std::size_t kErrorBytes = 64 * 1024;
constexpr std::chrono::seconds kCleanupIdleLimit{30};

int minorOf(const std::string& version) {
  int major = 0, minor = 0;
  return std::sscanf(version.c_str(), "%d.%d", &major, &minor) == 2 && major == 1 ? minor : -1;
}

// The engine's {"message": …}, or its bare text.
std::string messageIn(const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  return textAt(json, "message", body.empty() ? "no reason given" : body);
}

Error statusError(unsigned status, const std::string& body) {
  Error out{.kind = ErrorKind::Failed,
            .code = "docker/engine-error",
            .message = "the Docker Engine refused: " + messageIn(body)};
  if (status == 404) {
    out.kind = ErrorKind::NotFound;
    out.code = "docker/not-found";
  } else if (status == 409) {
    out.code = "docker/conflict";
  }
  return out;
}

Result<std::string> readWhole(HttpExchange& exchange, std::size_t limit) {
  std::string out;
  CAIRN_TRY(exchange.readBody([&](std::string_view piece) {
    if (out.size() < limit) out.append(piece);
  }));
  return out;
}

// Without line ends, as part of a sentence.
std::string trimmed(const std::string& text) {
  const auto end = text.find_last_not_of(" \r\n");
  return text.substr(0, end == text.npos ? 0 : end + 1);
}

Error noEngine(const EngineAddress& address, const std::string& says) {
  return Error{.kind = ErrorKind::Failed,
               .code = "docker/engine-too-old",
               .message = address.text + " answers, but not as a Docker Engine that speaks API 1." +
                          std::to_string(kOldestMinor) + " or newer (it says \"" + says + "\")",
               .hint = "look at the address, or update the engine"};
}

// Of an engine that is starting or ill, or of something else that has no such page.
Error refusedPing(const EngineAddress& address, HttpExchange& exchange) {
  auto body = readWhole(exchange, kErrorBytes);
  const std::string says =
      std::to_string(exchange.status()) + ": " + (body ? trimmed(messageIn(*body)) : body.error().message);
  if (exchange.status() == 404) return noEngine(address, says);
  return Error{.kind = ErrorKind::Failed,
               .code = "docker/engine-error",
               .message = "the Docker Engine at " + address.text + " answers a ping with " + says,
               .hint = "look at the address, and at the engine's own log: journalctl -u docker"};
}

}  // namespace

std::string percentEncoded(std::string_view text) {
  std::string out;
  for (unsigned char c : text) {
    if (std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~') {
      out += static_cast<char>(c);
    } else {
      char code[4];
      std::snprintf(code, sizeof code, "%%%02X", c);
      out += code;
    }
  }
  return out;
}

Target& Target::with(std::string_view name, std::string_view value) & {
  text_ += std::exchange(separator_, '&');
  text_.append(name).append("=").append(percentEncoded(value));
  return *this;
}

Result<Engine> Engine::connect(const EngineAddress& address, int cancelFd) {
  Engine engine(address, cancelFd);
  EngineRequest ping{.target = "/_ping"};
  auto exchange = CAIRN_TRY(HttpExchange::send(address, ping, cancelFd, kCleanupIdleLimit));
  if (exchange->status() != 200) return refusedPing(address, *exchange);
  const std::string offered = exchange->header("Api-Version");
  const int minor = minorOf(offered);
  if (minor < kOldestMinor) return noEngine(address, offered);
  engine.version_ = "/v1." + std::to_string(std::min(minor, kNewestMinor));
  return engine;
}

Engine Engine::uncancelled() const {
  Engine out = *this;
  out.cancelFd_ = -1;
  out.idleLimit_ = kCleanupIdleLimit;
  return out;
}

Result<void> Engine::stream(const EngineRequest& request, const Bytes& take) const {
  EngineRequest versioned = request;
  versioned.target = version_ + request.target;
  versioned.headers.emplace_back("Connection", "close");
  auto exchange = CAIRN_TRY(HttpExchange::send(address_, versioned, cancelFd_, idleLimit_));
  if (exchange->status() >= 400)
    return statusError(exchange->status(), CAIRN_TRY(readWhole(*exchange, kErrorBytes)));
  return exchange->readBody(take);
}

Result<Json> Engine::call(const EngineRequest& request) const {
  std::string body;
  CAIRN_TRY(stream(request, [&](std::string_view piece) { body.append(piece); }));
  if (body.find_first_not_of(" \r\n") == body.npos) return Json();
  Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) {
    return Error{.kind = ErrorKind::Failed,
                 .code = "docker/engine-error",
                 .message = "the Docker Engine's answer to " + request.target + " is no JSON"};
  }
  return json;
}

Result<Json> Engine::get(const Target& target) const {
  return call({.target = target.text()});
}

Result<Json> Engine::post(const Target& target, const Json& body) const {
  const std::string text = CAIRN_TRY(jsonText(body));
  return call({.method = "POST", .target = target.text(), .body = text});
}

Result<Json> Engine::post(const Target& target) const {
  return call({.method = "POST", .target = target.text()});
}

Result<void> Engine::remove(const Target& target) const {
  CAIRN_TRY(call({.method = "DELETE", .target = target.text()}));
  return {};
}

Result<std::unique_ptr<Hijacked>> Engine::hijack(const Target& target, const Json& body) const {
  const std::string text = CAIRN_TRY(jsonText(body));
  const EngineRequest request{.method = "POST",
                              .target = version_ + target.text(),
                              .headers = {{"Connection", "Upgrade"}, {"Upgrade", "tcp"}},
                              .body = text};
  auto exchange = CAIRN_TRY(HttpExchange::send(address_, request, cancelFd_, idleLimit_));
  if (exchange->status() != 101 && exchange->status() != 200) {
    return statusError(exchange->status(), CAIRN_TRY(readWhole(*exchange, kErrorBytes)));
  }
  return exchange->hijack();
}

}  // namespace cairn::plugins::docker
