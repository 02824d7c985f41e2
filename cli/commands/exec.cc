// `cairn exec`: runs a command in a deployment; exits as the command did.

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

#include "cli/command.h"
#include "cli/resize_watch.h"

namespace cairn::cli {

namespace {

// The terminal gives each key as it is pressed, for as long as this lives: the program at the other end
// decides what it means.
class RawTerminal {
 public:
  explicit RawTerminal(int fd) : fd_(fd) {
    tcgetattr(fd_, &before_);
    termios raw = before_;
    cfmakeraw(&raw);
    tcsetattr(fd_, TCSADRAIN, &raw);
  }
  ~RawTerminal() { tcsetattr(fd_, TCSADRAIN, &before_); }
  RawTerminal(const RawTerminal&) = delete;

 private:
  int fd_;
  termios before_{};
};

// The bytes of the command go to stdout and stderr untouched: what it prints is its own affair. All else is
// told as usual.
class ExecSink final : public EventSink {
 public:
  ExecSink(CommandContext& context) : context_(context), out_(context.stdoutFd), err_(context.stderrFd) {}

  void event(wire::Event::Reader event) override {
    if (!event.isOutput() || context_.output.isJson()) return context_.output.event(event);
    auto bytes = event.getOutput().getBytes();
    std::string_view text(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
    (event.getOutput().getStream() == wire::Stream::STDERR ? err_ : out_).write(text);
  }

 private:
  CommandContext& context_;
  FdSink out_, err_;
};

Answer<ExitCode> run(CommandContext& context) {
  ExecRequest request{.deployment = context.options.text("deployment"),
                      .command = context.options.all("COMMAND"),
                      .stdinFd = context.stdinFd};
  ResizeWatch resizes;  // from before the size is asked, so that no change is missed
  winsize size{};
  bool interactive = !context.output.isJson() && isatty(context.stdinFd) && isatty(context.stdoutFd) &&
                     ioctl(context.stdoutFd, TIOCGWINSZ, &size) == 0;
  auto engine = CAIRN_TRY(context.engine());
  ExecSink sink(context);
  std::optional<RawTerminal> raw;
  if (interactive) {
    if (const char* term = std::getenv("TERM")) request.term = term;
    request.terminalFd = context.stdoutFd;
    request.resizedFd = resizes.fd();
    request.columns = size.ws_col > 0 ? size.ws_col : 80;
    request.rows = size.ws_row > 0 ? size.ws_row : 24;
    raw.emplace(context.stdinFd);
  }
  Answer<int> code = engine->exec(request, sink);
  raw.reset();  // before an error is told
  return static_cast<ExitCode>(CAIRN_TRY(std::move(code)));
}

}  // namespace

Command makeExec() {
  return {.path = "exec",
          .group = "Every day",
          .summary = "Run a command in a deployment, with its exit code",
          .description =
              "In what serves, else in the newest deployment. From a terminal it is interactive; else stdin "
              "is passed on.",
          .example = "cairn exec --app web -- sh -c 'ls -l'",
          .options = {{"-d,--deployment", "VERSION", "v3, or the start of an id"}},
          .arguments = {{"COMMAND", "the program and what it is given", true, true, true}},
          .run = run};
}

}  // namespace cairn::cli
