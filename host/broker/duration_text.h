#pragma once
// Durations as people write them: "300 ms", "10 s", "5 min".

#include <kj/time.h>

#include <string>

namespace cairn::host {

// In the largest unit that leaves a whole number.
inline std::string durationText(kj::Duration duration) {
  const auto ms = duration / kj::MILLISECONDS;
  if (ms % 1000 != 0 || ms == 0) return std::to_string(ms) + " ms";
  if (ms % 3'600'000 == 0) return std::to_string(ms / 3'600'000) + " h";
  if (ms % 60'000 == 0) return std::to_string(ms / 60'000) + " min";
  return std::to_string(ms / 1000) + " s";
}

}  // namespace cairn::host
