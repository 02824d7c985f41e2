#include "entrypoint/proxy/address.h"

#include "entrypoint/arguments.h"

#include <charconv>

namespace cairn::entrypoint {

Result<Endpoint> parseAddress(const std::string& text) {
  const Error wrong = usageError("'" + text + "' is no address",
                                 "give an IP address and a port, as in 127.0.0.1:8080 or [::1]:8080");
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return wrong;
  std::string host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  uint16_t port = 0;
  const char* end = text.data() + text.size();
  auto [stop, code] = std::from_chars(text.data() + colon + 1, end, port);
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (code != std::errc() || stop != end || error || address.is_v6() != bracketed) return wrong;
  return Endpoint(address, port);
}

std::string addressText(const Endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

}  // namespace cairn::entrypoint
