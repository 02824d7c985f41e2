#pragma once
// "1m30s" and "512MiB".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::host {

// Nanoseconds. Units ns, us, ms, s, m, h, d, largest first or not, each with a number that may have a
// fraction: "1.5h". Nothing for anything else, a plain number, a negative one, or more than 292 years.
std::optional<std::int64_t> parseDuration(std::string_view text);

// Bytes. Units B, kB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB (of 1024), k, M, G, T (of 1024); case
// counts nothing; a plain number is bytes.
std::optional<std::uint64_t> parseSize(std::string_view text);

// "1m30s", with the fewest parts.
std::string durationText(std::int64_t nanoseconds);
// "512MiB" where it comes out even, else the number of bytes.
std::string sizeText(std::uint64_t bytes);

}  // namespace cairn::host
