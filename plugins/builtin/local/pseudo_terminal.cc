#include "pseudo_terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace cairn::plugins::local {

Result<PseudoTerminal> PseudoTerminal::open(const Tty& size) {
  PseudoTerminal out;
  out.user = Descriptor(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (out.user && ::unlockpt(out.user.get()) == 0)
    out.command = Descriptor(::ioctl(out.user.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!out.command)
    return Error{.kind = ErrorKind::Failed,
                 .code = "local/no-terminal",
                 .message = std::string("can't open a terminal for the command: ") + std::strerror(errno),
                 .hint = "without one it works too: 'cairn exec … | cat'"};
  out.resize(size);
  termios modes = {};
  ::tcgetattr(out.command.get(), &modes);
  modes.c_iflag |= IUTF8;  // the erase key takes a whole character
  ::tcsetattr(out.command.get(), TCSANOW, &modes);
  return out;
}

void PseudoTerminal::resize(const Tty& size) const {
  winsize window = {};
  window.ws_col = size.columns;
  window.ws_row = size.rows;
  ::ioctl(user.get(), TIOCSWINSZ, &window);
}

}  // namespace cairn::plugins::local
