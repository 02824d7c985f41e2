#pragma once
// libarchive reads names by the thread's character set.

#include <locale.h>

namespace cairn::plugins::files {

// While it lives, names are UTF-8 to the thread that made it, whatever the user's locale is. Where the C
// library has no C.UTF-8, all stays as it is. Reads a few files.
class Utf8Names {
 public:
  Utf8Names() : utf8_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{})) {
    if (utf8_ != locale_t{}) before_ = ::uselocale(utf8_);
  }
  ~Utf8Names() {
    if (utf8_ == locale_t{}) return;
    ::uselocale(before_);
    ::freelocale(utf8_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

 private:
  locale_t utf8_;
  locale_t before_{};
};

}  // namespace cairn::plugins::files
