#include "cli/program.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>

#include "cli/command_line.h"
#include "cli/help.h"
#include "cli/output/workspace_output.h"
#include "cli/ticker.h"

namespace cairn::cli {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool localeIsUtf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale = environment(name);
    if (locale.empty()) continue;
    std::transform(locale.begin(), locale.end(), locale.begin(), ::tolower);
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

// Almost all do. The console doesn't, nor does xterm, whose name the others use too.
bool terminalReflows() {
  std::string terminal = environment("TERM");
  return terminal != "linux" && !(terminal.starts_with("xterm") && !environment("XTERM_VERSION").empty());
}

OutputStyle styleFromEnvironment(bool verbose) {
  return {.colour = environment("NO_COLOR").empty(),
          .unicode = localeIsUtf8(),
          .verbose = verbose,
          .columns = std::atoi(environment("COLUMNS").c_str()),
          .rows = std::atoi(environment("LINES").c_str()),
          .terminalFd = STDOUT_FILENO,
          .reflows = terminalReflows()};
}

// How to tell things. Flags hold also where the command line can't be read to its end; where it can, what
// belongs to a command that `exec` is to run is not taken for ours.
struct Asked {
  bool json = false, plain = false, verbose = false;

  Asked(const std::vector<std::string>& arguments, const Result<CommandLine>& line) {
    auto isGiven = [&](const char* key, const char* shortName) {
      if (line) return line->options.has(key);
      auto is = [&](const std::string& word) { return word == std::string("--") + key || word == shortName; };
      return std::any_of(arguments.begin(), arguments.end(), is);
    };
    json = isGiven("json", "--json");
    plain = isGiven("plain", "--plain");
    verbose = isGiven("verbose", "-v");
  }
};

std::unique_ptr<Output> makeOutput(Asked asked, TextSink& out, TextSink& err, const Masker& masker,
                                   const Clock& clock) {
  if (asked.json) return makeJsonOutput(out, masker);
  OutputStyle style = styleFromEnvironment(asked.verbose);
  std::string terminal = environment("TERM");
  bool live = isatty(STDOUT_FILENO) && !terminal.empty() && terminal != "dumb" && !asked.plain;
  if (!live) return makePlainOutput(out, err, masker, style);
  return makeTerminalOutput(out, err, masker, clock, style);
}

Answer<std::string> workDirectory(const ParsedOptions& options) {
  const bool given = options.has("directory");
  std::error_code error;
  auto path = std::filesystem::canonical(given ? options.text("directory") : ".", error);
  if (!error && std::filesystem::is_directory(path, error)) return path.string();
  const bool missing = !error || error == std::errc::no_such_file_or_directory;
  std::string message = missing ? "there is no folder '" + options.text("directory") + "'"
                                : "can't enter '" + options.text("directory") + "': " + error.message();
  if (!given) message = "can't tell the current folder: " + error.message();
  return Failure(Error{.kind = ErrorKind::Config,
                       .code = "no-such-folder",
                       .message = std::move(message),
                       .hint = given
                                   ? "-C takes an existing folder"
                                   : "it was removed or moved: go to one that exists, or name one with -C"});
}

ExitCode help(const CommandLine& line, Output& output) {
  if (output.isJson())
    output.json(commandsJson(line.prefix));
  else
    output.lines(line.command == nullptr ? programHelp(line.prefix) : commandHelp(*line.command));
  return line.help ? ExitCode::Done : ExitCode::Usage;
}

Answer<ExitCode> run(const std::vector<std::string>& arguments, Result<CommandLine> parsed, Output& output,
                     const Clock& clock, Masker& masker) {
  CommandLine line = CAIRN_TRY(orFailure(std::move(parsed)));
  if (line.help || line.command == nullptr) return help(line, output);
  std::string directory = CAIRN_TRY(workDirectory(line.options));
  Interrupt interrupt;
  CommandContext context{.options = line.options,
                         .output = output,
                         .clock = clock,
                         .interrupt = interrupt,
                         .masker = masker,
                         .directory = directory,
                         .commandLine = recordedCommandLine(arguments)};
  return line.command->run(context);
}

}  // namespace

int runProgram(const std::vector<std::string>& arguments) {
  FdSink out(STDOUT_FILENO), err(STDERR_FILENO);
  Masker masker;
  SystemClock clock;
  Result<CommandLine> line = parseCommandLine(arguments);
  if (line && !line->options.has("workspace") && !environment("CAIRN_WORKSPACE").empty())
    line->options.add("workspace", environment("CAIRN_WORKSPACE"));
  auto output = makeOutput(Asked(arguments, line), out, err, masker, clock);
  WorkspaceOutput hinted(*output, line ? line->options.text("workspace") : "");
  Ticker ticker(hinted);
  Answer<ExitCode> result = ExitCode::Failed;
  try {
    result = run(arguments, std::move(line), ticker, clock, masker);
  } catch (const std::exception& error) {  // ours throw nothing; a library may
    result = Failure(Error{
        .code = "internal", .message = error.what(), .hint = "this is a bug in Cairn: please report it"});
  }
  if (!result) hinted.failure(result.error());
  const ExitCode code = result ? *result : exitCodeOf(result.error().errors.front().kind);
  if (out.error() == 0 || code != ExitCode::Done) return static_cast<int>(code);
  // What was done is done; but who reads a file that was cut short must not take it for the whole.
  const Error unwritten{.kind = ErrorKind::Failed,
                        .code = "file-not-written",
                        .message = std::string("can't write to stdout: ") + std::strerror(out.error()),
                        .hint = "what was asked is done, only its output is cut short: write it elsewhere"};
  makePlainOutput(out, err, masker, {})->failure(unwritten);
  return static_cast<int>(exitCodeOf(unwritten.kind));
}

}  // namespace cairn::cli
