#include "host/store/id.h"

#include <kj/debug.h>

#include <sys/random.h>

#include <array>
#include <mutex>

namespace cairn::host {
namespace {

using IdBytes = std::array<uint8_t, 16>;

constexpr uint32_t kCounterLimit = 1u << 12;  // UUIDv7's rand_a, used as a counter within a millisecond

void fillRandom(uint8_t* out, size_t size) {
  while (size > 0) {
    ssize_t got = getrandom(out, size, 0);
    if (got < 0 && errno == EINTR) continue;
    KJ_ASSERT(got > 0, "the kernel gives no random bytes");
    out += got;
    size -= got;
  }
}

struct Tick {
  int64_t ms = 0;
  uint32_t counter = 0;
};

// The process's last tick: two sources of ids would each be in order, but not together.
Tick nextTick(int64_t nowMs, uint32_t randomStart) {
  static std::mutex mutex;
  static Tick last;
  std::lock_guard lock(mutex);
  if (nowMs > last.ms) {
    last = {nowMs, randomStart % (kCounterLimit / 2)};
  } else if (++last.counter == kCounterLimit) {
    last = {last.ms + 1, 0};
  }
  return last;
}

std::string asText(const IdBytes& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(36);
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kDigits[bytes[i] >> 4];
    out += kDigits[bytes[i] & 15];
  }
  return out;
}

}  // namespace

int64_t unixMs(kj::Date date) {
  return (date - kj::UNIX_EPOCH) / kj::MILLISECONDS;
}

std::string newId(const kj::Clock& clock) {
  IdBytes bytes;
  fillRandom(bytes.data(), bytes.size());
  Tick tick = nextTick(unixMs(clock.now()), bytes[6] << 8 | bytes[7]);
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<uint8_t>(tick.ms >> (40 - 8 * i));
  bytes[6] = static_cast<uint8_t>(0x70 | tick.counter >> 8);  // version 7
  bytes[7] = static_cast<uint8_t>(tick.counter);
  bytes[8] = static_cast<uint8_t>(0x80 | (bytes[8] & 0x3f));  // variant
  return asText(bytes);
}

}  // namespace cairn::host
