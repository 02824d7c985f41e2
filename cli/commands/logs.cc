// `cairn logs`

#include <cstdlib>

#include "cli/command.h"

namespace cairn::cli {

namespace {

// "90s", "10m", "2h", "3d" as milliseconds; 0 when it is none of these.
int64_t spanMs(const std::string& text) {
  char* end = nullptr;
  long count = std::strtol(text.c_str(), &end, 10);
  std::string unit = end;
  int64_t seconds = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86400 : 0;
  return count > 0 ? count * seconds * 1000 : 0;
}

Answer<ExitCode> run(CommandContext& context) {
  LogsRequest request{.deployment = context.options.text("DEPLOYMENT"),
                      .follow = context.options.has("follow"),
                      .tail = context.options.number("tail")};
  if (context.options.has("since")) {
    int64_t span = spanMs(context.options.text("since"));
    if (span == 0) {
      return Failure(Error{.kind = ErrorKind::Config,
                           .code = "bad-flag-value",
                           .message = "--since: '" + context.options.text("since") + "' is no span of time",
                           .hint = "write 90s, 10m, 2h or 3d"});
    }
    request.sinceUnixMs = context.clock.unixMs() - span;
  }
  auto engine = CAIRN_TRY(context.engine());
  return exitCodeOf(CAIRN_TRY(engine->logs(request, context.output)));
}

}  // namespace

Command makeLogs() {
  return {.path = "logs",
          .group = "Every day",
          .summary = "Show an app's logs",
          .description =
              "Of what serves, else of the newest deployment. With -f it goes on with the deployment that\n"
              "serves after it. Values of the project's secret variables are masked where they are known.",
          .example = "cairn logs -f --app web --tail 100",
          .options = {{"-f,--follow", "", "Go on as lines are written, until Ctrl-C"},
                      {"-n,--tail", "LINES", "Begin with the last so many lines; 0: all", false, true},
                      {"--since", "SPAN", "Only the last 90s, 10m, 2h, 3d"}},
          .arguments = {{"DEPLOYMENT", "v3, or the start of an id"}},
          .run = run};
}

}  // namespace cairn::cli
