#pragma once
// How long to wait before an app that ended is started again.

#include <algorithm>
#include <chrono>

namespace cairn::entrypoint {

class Backoff {
 public:
  using Milliseconds = std::chrono::milliseconds;
  static constexpr Milliseconds kFirst{200};
  // An app that ran this long was well: its next failure is a first one.
  static constexpr Milliseconds kStable{10'000};

  explicit Backoff(Milliseconds max) : max_(max) {}

  // The wait after a run that lasted `ran`: twice the one before, up to the maximum.
  Milliseconds next(Milliseconds ran) {
    if (ran >= kStable) wait_ = kFirst;
    const Milliseconds out = std::min(wait_, max_);
    wait_ = std::min(wait_ * 2, std::max(max_, kFirst));
    return out;
  }

 private:
  Milliseconds max_;
  Milliseconds wait_ = kFirst;
};

}  // namespace cairn::entrypoint
