#pragma once
// What time it is: the system's, or one that a test moves by hand.

#include <chrono>
#include <cstdint>

namespace cairn::cli {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual int64_t unixMs() const = 0;
};

class SystemClock final : public Clock {
 public:
  int64_t unixMs() const override {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  }
};

}  // namespace cairn::cli
