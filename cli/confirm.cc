#include "cli/confirm.h"

#include <unistd.h>

namespace cairn::cli {

namespace {

// One line from the terminal; what is typed further belongs to others. Empty on the end of input and on
// Ctrl-C.
std::string readAnswer(int fd) {
  std::string line;
  char letter = 0;
  while (line.size() < 100 && read(fd, &letter, 1) == 1 && letter != '\n') line += letter;
  return line;
}

}  // namespace

Answer<void> confirm(const CommandContext& context, const std::string& question) {
  if (context.options.has("yes")) return {};
  if (context.output.isJson() || !isatty(context.stdinFd)) {
    return Failure(Error{.kind = ErrorKind::Config,
                         .code = "confirmation-needed",
                         .message = question + " Nobody is here to answer",
                         .hint = "pass --yes to go on without being asked"});
  }
  FdSink(context.stderrFd).write(context.masker.mask(question) + " [y/N] ");
  std::string answer = readAnswer(context.stdinFd);
  if (context.interrupt.requested()) {
    return Failure(
        Error{.kind = ErrorKind::Cancelled, .code = "cancelled", .message = "interrupted; nothing was done"});
  }
  if (answer == "y" || answer == "Y" || answer == "yes") return {};
  return Failure(Error{.kind = ErrorKind::Refused,
                       .code = "not-confirmed",
                       .message = "nothing was done, as the answer was no",
                       .hint = "answer y, or pass --yes"});
}

}  // namespace cairn::cli
