#include "host/broker/digest.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

namespace cairn::host {
namespace {

std::string asText(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Error unreadable(const std::filesystem::path& path) {
  return Error{ErrorKind::Failed,
               "file-unreadable",
               "can't read " + path.string() + ": " + std::strerror(errno),
               "all that lies in a plugin's folder belongs to it: make it readable, or take it out",
               {}};
}

}  // namespace

std::string digestOf(std::string_view bytes) {
  return asText(sha256(bytes));
}

Result<std::string> digestOfFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return unreadable(path);
  Sha256 hash;
  std::vector<char> buffer(1 << 16);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0) {
    hash.add(buffer.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return unreadable(path);  // else it would be the digest of a part
  return asText(hash.finish());
}

std::string toHex(std::string_view bytes) {
  return hex(bytes.data(), bytes.size());
}

Digester& Digester::add(std::string_view piece) {
  const std::uint64_t size = piece.size();
  hash_.add(&size, sizeof size).add(piece);
  return *this;
}

std::string Digester::finish() {
  return asText(hash_.finish());
}

}  // namespace cairn::host
