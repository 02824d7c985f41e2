#pragma once
// What a proxy must change in the head of a message, and which requests it must not pass on. Pure functions.
//
// Framing is never copied: the parser has decided where a body ends, and the head that goes on says just
// that, so that no two programs can read one request as two.

#include <boost/beast/http/message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::entrypoint {

namespace http = boost::beast::http;

struct Framing {
  std::optional<uint64_t> length;  // as Content-Length
  bool chunked = false;
};

struct BadRequest {
  unsigned status;
  std::string_view why;
};

// Why this request can't be passed on, if so.
std::optional<BadRequest> findFault(const http::fields& fields, http::verb method, std::string_view target,
                                    unsigned version);

// True if the client asks for another protocol on this connection.
bool asksForUpgrade(const http::fields& fields, unsigned version);

struct RequestHead {
  std::string_view method;
  std::string_view target;
  const http::fields& fields;
  Framing framing;
  bool upgrade = false;
  std::string_view clientAddress;
};

// Appends the head as the backend gets it.
void appendRequestHead(std::string& out, const RequestHead& head);

struct ResponseHead {
  unsigned status = 0;
  std::string_view reason;
  const http::fields& fields;
  Framing framing;
  bool upgrade = false;
  std::string_view connection;  // "close", "keep-alive" or nothing
};

// Appends the head as the client gets it.
void appendResponseHead(std::string& out, const ResponseHead& head);

// A whole response made here: plain text, unless the request's method was HEAD.
std::string plainResponse(unsigned status, std::string_view text, bool head, std::string_view connection);

// Methods whose effect is the same if they happen twice.
bool isIdempotent(http::verb method);

}  // namespace cairn::entrypoint
