#pragma once
// SHA-256, as Cairn uses it everywhere: over a value's canonical bytes, a manifest, a schema, a file.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn {

using Digest = std::array<unsigned char, 32>;

// Fed in pieces; finish() once.
class Sha256 {
 public:
  Sha256();
  Sha256& add(const void* bytes, std::size_t size);
  Sha256& add(std::string_view text) { return add(text.data(), text.size()); }
  Digest finish();

 private:
  alignas(8) std::array<unsigned char, 128> state_;  // the library's own state
};

Digest sha256(const void* bytes, std::size_t size);
inline Digest sha256(std::string_view text) {
  return sha256(text.data(), text.size());
}

// Lower-case hex digits, 64 for a whole digest.
std::string hex(const void* bytes, std::size_t size);
inline std::string hex(const Digest& digest) {
  return hex(digest.data(), digest.size());
}

}  // namespace cairn
