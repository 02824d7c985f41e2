#pragma once
// A terminal for a command whose user sits at one: the command has one end, we have the other.

#include "descriptor.h"

#include <cairn/base/result.h>
#include <cairn/call.h>

namespace cairn::plugins::local {

struct PseudoTerminal {
  // As large as the user's. It is nobody's controlling terminal yet. Errors: local/no-terminal.
  static Result<PseudoTerminal> open(const Tty& size);

  // Tells the command too.
  void resize(const Tty& size) const;

  // What is written here is typed, what is read was printed. Closing it hangs up on the command. Reading
  // fails once nobody has the other end.
  Descriptor user;
  // Stdin, stdout and stderr of the command; to be closed here once it has them.
  Descriptor command;
};

}  // namespace cairn::plugins::local
