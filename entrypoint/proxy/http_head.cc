#include "entrypoint/proxy/http_head.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>

namespace cairn::entrypoint {
namespace {

using http::field;

bool isHopByHop(field name) {
  switch (name) {
    case field::connection:
    case field::keep_alive:
    case field::proxy_connection:
    case field::te:
    case field::trailer:
    case field::transfer_encoding:
    case field::upgrade:
    case field::content_length:  // said anew by the framing
      return true;
    default:
      return false;
  }
}

bool connectionHas(const http::fields& fields, std::string_view token) {
  const auto [first, last] = fields.equal_range(field::connection);
  return std::any_of(first, last, [&](const auto& f) { return http::token_list(f.value()).exists(token); });
}

// True if the sender's Connection names more than it usually does.
bool connectionNamesFields(const http::fields& fields) {
  const auto [first, last] = fields.equal_range(field::connection);
  return std::any_of(first, last, [](const auto& f) {
    return !boost::beast::iequals(f.value(), "keep-alive") && !boost::beast::iequals(f.value(), "close");
  });
}

void appendField(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

// Host is not the sender's to take away, whatever its Connection says.
bool isEndToEnd(const http::fields::value_type& entry, const http::fields& fields, bool named) {
  if (isHopByHop(entry.name())) return false;
  return !named || entry.name() == field::host || !connectionHas(fields, entry.name_string());
}

void appendFraming(std::string& out, const Framing& framing) {
  if (framing.chunked) appendField(out, "Transfer-Encoding", "chunked");
  if (framing.length) appendField(out, "Content-Length", std::to_string(*framing.length));
}

void appendUpgrade(std::string& out, const http::fields& fields) {
  appendField(out, "Connection", "Upgrade");
  const auto [first, last] = fields.equal_range(field::upgrade);
  for (auto it = first; it != last; ++it) appendField(out, "Upgrade", it->value());
}

// "http://host/path" apart: the host, and what a server gets as target.
struct AbsoluteTarget {
  std::string_view host;
  std::string target;
};

std::optional<AbsoluteTarget> splitAbsolute(std::string_view target) {
  const size_t scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string_view::npos) return std::nullopt;
  const std::string_view rest = target.substr(scheme + 3);
  const size_t path = rest.find_first_of("/?");
  AbsoluteTarget out{rest.substr(0, path), "/"};
  if (path != std::string_view::npos)
    out.target = (rest[path] == '?' ? "/" : "") + std::string(rest.substr(path));
  return out;
}

}  // namespace

std::optional<BadRequest> findFault(const http::fields& fields, http::verb method, std::string_view target,
                                    unsigned version) {
  if (version != 10 && version != 11) return BadRequest{505, "HTTP/1.0 and HTTP/1.1 only"};
  if (method == http::verb::connect) return BadRequest{501, "CONNECT is not offered here"};
  const bool asterisk = target == "*" && method == http::verb::options;
  const auto absolute = splitAbsolute(target);
  if (!target.starts_with('/') && !asterisk && !absolute) return BadRequest{400, "the target is no path"};
  if (absolute && absolute->host.empty()) return BadRequest{400, "the target names no host"};
  const size_t hosts = fields.count(field::host);
  if (hosts > 1 || (hosts == 0 && version == 11)) return BadRequest{400, "exactly one Host is needed"};
  const size_t encodings = fields.count(field::transfer_encoding);
  if (encodings == 0) return std::nullopt;
  if (version == 10) return BadRequest{400, "HTTP/1.0 has no Transfer-Encoding"};
  if (encodings > 1 || !boost::beast::iequals(fields[field::transfer_encoding], "chunked"))
    return BadRequest{501, "of transfer encodings, chunked only"};
  return std::nullopt;
}

bool asksForUpgrade(const http::fields& fields, unsigned version) {
  return version == 11 && fields.count(field::upgrade) > 0 && connectionHas(fields, "upgrade");
}

void appendRequestHead(std::string& out, const RequestHead& head) {
  const auto absolute = splitAbsolute(head.target);
  const std::string_view target = absolute ? std::string_view(absolute->target) : head.target;
  out.append(head.method).append(" ").append(target).append(" HTTP/1.1\r\n");
  const bool named = connectionNamesFields(head.fields);
  std::string forwardedFor;
  for (const auto& entry : head.fields) {
    if (!isEndToEnd(entry, head.fields, named)) continue;
    if (entry.name() == field::host && absolute) continue;
    if (boost::beast::iequals(entry.name_string(), "X-Forwarded-For")) {
      forwardedFor.append(entry.value()).append(", ");
      continue;
    }
    appendField(out, entry.name_string(), entry.value());
  }
  const std::string_view host = absolute ? absolute->host : std::string_view(head.fields[field::host]);
  if (absolute) appendField(out, "Host", host);
  // HTTP/1.1 demands one, and an HTTP/1.0 client may have sent none.
  if (!absolute && head.fields.count(field::host) == 0) appendField(out, "Host", "");
  forwardedFor.append(head.clientAddress);
  appendField(out, "X-Forwarded-For", forwardedFor);
  if (head.fields.count("X-Forwarded-Proto") == 0) appendField(out, "X-Forwarded-Proto", "http");
  if (head.fields.count("X-Forwarded-Host") == 0 && !host.empty()) appendField(out, "X-Forwarded-Host", host);
  if (head.upgrade) appendUpgrade(out, head.fields);
  appendFraming(out, head.framing);
  out.append("\r\n");
}

void appendResponseHead(std::string& out, const ResponseHead& head) {
  out.append("HTTP/1.1 ").append(std::to_string(head.status)).append(" ").append(head.reason).append("\r\n");
  const bool named = connectionNamesFields(head.fields);
  for (const auto& entry : head.fields)
    if (isEndToEnd(entry, head.fields, named)) appendField(out, entry.name_string(), entry.value());
  if (head.upgrade) appendUpgrade(out, head.fields);
  if (!head.connection.empty()) appendField(out, "Connection", head.connection);
  appendFraming(out, head.framing);
  out.append("\r\n");
}

std::string plainResponse(unsigned status, std::string_view text, bool head, std::string_view connection) {
  const std::string body = std::string(text) + "\n";
  http::fields fields;
  fields.set(field::content_type, "text/plain; charset=utf-8");
  std::string out;
  const auto reason = http::obsolete_reason(static_cast<http::status>(status));
  appendResponseHead(out, {.status = status,
                           .reason = reason,
                           .fields = fields,
                           .framing = {.length = body.size()},
                           .connection = connection});
  return head ? out : out + body;
}

bool isIdempotent(http::verb method) {
  switch (method) {
    case http::verb::get:
    case http::verb::head:
    case http::verb::options:
    case http::verb::put:
    case http::verb::delete_:
    case http::verb::trace:
      return true;
    default:
      return false;
  }
}

}  // namespace cairn::entrypoint
