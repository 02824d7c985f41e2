#pragma once
// How a person names a record.

#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::host {

// A record by its number: "v3" and "#3", as they are printed, or "3".
struct NumberReference {
  std::uint32_t sequence = 0;
  bool isVersion = false;  // "v3": the number is a deployment's, whatever is asked for
};

// None: it may be the start of an id.
std::optional<NumberReference> readNumber(std::string_view reference);

}  // namespace cairn::host
