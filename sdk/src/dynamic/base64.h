#pragma once
// Base64 with padding (RFC 4648, the plain alphabet).

#include <optional>
#include <string>
#include <string_view>

namespace cairn::detail {

std::string toBase64(const void* bytes, std::size_t size);
// None where `text` is not base64 in full.
std::optional<std::string> fromBase64(std::string_view text);

}  // namespace cairn::detail
