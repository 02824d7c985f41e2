#pragma once
// Digests as the host keeps and compares them: 32 bytes of SHA-256 in a string.

#include <cairn/base/result.h>
#include <cairn/dynamic/digest.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace cairn::host {

std::string digestOf(std::string_view bytes);
// Errors: file-unreadable.
Result<std::string> digestOfFile(const std::filesystem::path& path);
std::string toHex(std::string_view bytes);

// Takes pieces one by one; each is told apart from the next by its length.
class Digester {
 public:
  Digester& add(std::string_view piece);
  std::string finish();

 private:
  Sha256 hash_;
};

}  // namespace cairn::host
