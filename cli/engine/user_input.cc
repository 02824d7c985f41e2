#include "cli/engine/user_input.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cairn::cli {

namespace {

// A file or /dev/null: never makes anybody wait, and can't be watched.
class FileInput final : public kj::AsyncInputStream {
 public:
  explicit FileInput(int fd) : fd_(fd) {}
  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    size_t done = 0;
    while (done < minBytes) {
      ssize_t size = ::read(fd_, static_cast<char*>(buffer) + done, maxBytes - done);
      if (size <= 0) break;
      done += static_cast<size_t>(size);
    }
    return done;
  }

 private:
  int fd_;
};

bool canBeWatched(int fd) {
  kj::AutoCloseFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event event{};
  event.events = EPOLLIN;
  return ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

// KJ makes what it watches non-blocking, also for those who share the open file: the shell that comes after
// us.
class Flags {
 public:
  explicit Flags(int fd) : fd_(fd), flags_(::fcntl(fd, F_GETFL)) {}
  ~Flags() noexcept(false) { ::fcntl(fd_, F_SETFL, flags_); }

 private:
  int fd_;
  int flags_;
};

}  // namespace

kj::Own<kj::AsyncInputStream> openUserInput(int fd, kj::AsyncIoContext& io) {
  if (!canBeWatched(fd)) return kj::heap<FileInput>(fd);
  auto flags = kj::heap<Flags>(fd);
  return io.lowLevelProvider
      ->wrapInputFd(::fcntl(fd, F_DUPFD_CLOEXEC, 10), kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP |
                                                          kj::LowLevelAsyncIoProvider::ALREADY_CLOEXEC)
      .attach(kj::mv(flags));
}

kj::Function<kj::Promise<host::TerminalSize>()> terminalSizes(int terminalFd, int resizedFd,
                                                              kj::AsyncIoContext& io) {
  using Provider = kj::LowLevelAsyncIoProvider;
  auto resized = io.lowLevelProvider->wrapInputFd(::fcntl(resizedFd, F_DUPFD_CLOEXEC, 10),
                                                  Provider::TAKE_OWNERSHIP | Provider::ALREADY_CLOEXEC);
  return [terminalFd, resized = kj::mv(resized)]() mutable {
    auto times = kj::heap<std::uint64_t>();
    auto& to = *times;
    return resized->read(&to, sizeof to).then([terminalFd, times = kj::mv(times)] {
      winsize size{};
      ::ioctl(terminalFd, TIOCGWINSZ, &size);
      return host::TerminalSize{size.ws_col, size.ws_row};
    });
  };
}

}  // namespace cairn::cli
