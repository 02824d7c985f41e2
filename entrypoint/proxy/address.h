#pragma once
// HOST:PORT with a literal host: 127.0.0.1:8080, [::1]:8080.
//
// Names are not looked up: a static program has no resolver of its own that fits every machine, and who
// switches the proxy knows the address.

#include "entrypoint/proxy/asio_types.h"

#include <cairn/base/result.h>

#include <string>

namespace cairn::entrypoint {

// Errors: Config/entrypoint-usage.
Result<Endpoint> parseAddress(const std::string& text);
std::string addressText(const Endpoint& endpoint);

}  // namespace cairn::entrypoint
