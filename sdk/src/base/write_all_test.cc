#include <cairn/base/write_all.h>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <string>

namespace cairn {
namespace {

// A pipe's reader that takes all only after it has interrupted the writer while the pipe was full.
TEST(WriteAll, ASignalInTheMiddleLosesNothing) {
  struct sigaction action {};
  action.sa_handler = [](int) {};  // without SA_RESTART
  ::sigaction(SIGUSR1, &action, nullptr);
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const std::string text(1'000'000, 'x');
  const pid_t reader = ::fork();
  if (reader == 0) {
    ::close(ends[1]);
    std::size_t got = 0;
    char piece[4096];
    for (ssize_t size = 1; size > 0; got += static_cast<std::size_t>(size)) {
      ::kill(::getppid(), SIGUSR1);
      size = ::read(ends[0], piece, sizeof piece);
      if (size < 0) ::_exit(2);
    }
    ::_exit(got == text.size() ? 0 : 1);
  }
  ::close(ends[0]);
  EXPECT_TRUE(writeAll(ends[1], text));
  ::close(ends[1]);
  int status = -1;
  while (::waitpid(reader, &status, 0) < 0) {
  }
  EXPECT_EQ(status, 0);
  ::signal(SIGUSR1, SIG_DFL);
}

TEST(WriteAll, TellsWhyNot) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  EXPECT_FALSE(writeAll(full, "x"));
  EXPECT_EQ(errno, ENOSPC);
  ::close(full);
}

}  // namespace
}  // namespace cairn
