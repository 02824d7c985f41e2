#include "cli/output/text_sink.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace cairn::cli {

void FdSink::write(std::string_view text) {
  while (!text.empty()) {
    ssize_t written = ::write(fd_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {  // somebody who shares the terminal has set it to non-blocking
      pollfd ready{fd_, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      if (error_ == 0 && errno != EPIPE) error_ = errno;
      return;
    }
  }
}

}  // namespace cairn::cli
