#pragma once
// SIGWINCH as a descriptor: the terminal's window has another size.

namespace cairn::cli {

// At most one at a time.
class ResizeWatch {
 public:
  ResizeWatch();
  ~ResizeWatch();
  ResizeWatch(const ResizeWatch&) = delete;
  ResizeWatch& operator=(const ResizeWatch&) = delete;

  // An eventfd, written to at each change.
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace cairn::cli
