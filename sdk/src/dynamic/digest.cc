#include <cairn/dynamic/digest.h>

#include <sodium/crypto_hash_sha256.h>

namespace cairn {

static_assert(sizeof(crypto_hash_sha256_state) <= 128);

namespace {
crypto_hash_sha256_state* stateOf(std::array<unsigned char, 128>& state) {
  return reinterpret_cast<crypto_hash_sha256_state*>(state.data());
}
}  // namespace

Sha256::Sha256() {
  crypto_hash_sha256_init(stateOf(state_));
}

Sha256& Sha256::add(const void* bytes, std::size_t size) {
  crypto_hash_sha256_update(stateOf(state_), static_cast<const unsigned char*>(bytes), size);
  return *this;
}

Digest Sha256::finish() {
  Digest digest;
  crypto_hash_sha256_final(stateOf(state_), digest.data());
  return digest;
}

Digest sha256(const void* bytes, std::size_t size) {
  return Sha256().add(bytes, size).finish();
}

std::string hex(const void* bytes, std::size_t size) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(size * 2);
  for (auto byte = static_cast<const unsigned char*>(bytes); size > 0; ++byte, --size) {
    text += digits[*byte >> 4];
    text += digits[*byte & 15];
  }
  return text;
}

}  // namespace cairn
