#pragma once
// Keeps secrets out of what is printed.

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::cli {

// May be used from several threads.
class Masker {
 public:
  // From now on `secret`, and each line of it, is masked. Shorter ones than four bytes are not: that would
  // mask half of every text and so tell what the secret is.
  void add(std::string_view secret);

  // `text` with every secret in it replaced. Text that may end in the middle of a secret must be kept by the
  // caller until its line is whole.
  std::string mask(std::string_view text) const;
  // How much of the beginning of `text` can be masked and shown by itself: what is behind it may be the
  // beginning of a secret.
  std::size_t safeCut(std::string_view text) const;

  // Whether a secret, or a line of one, of eight bytes or more is in `text`. Shorter ones stand in many a
  // text by chance.
  bool finds(std::string_view text) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> secrets_;  // longest first: one secret may be a part of another
};

}  // namespace cairn::cli
