#include "cli/command.h"

#include <cstdlib>

namespace cairn::cli {

ExitCode exitCodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Config:
      return ExitCode::Usage;
    case ErrorKind::Refused:
      return ExitCode::Refused;
    case ErrorKind::Cancelled:
      return ExitCode::Interrupted;
    default:
      return ExitCode::Failed;
  }
}

ExitCode exitCodeOf(const RunReport& report) {
  switch (report.outcome) {
    case wire::Event::Outcome::DONE:
    case wire::Event::Outcome::UNCHANGED:
      return ExitCode::Done;
    case wire::Event::Outcome::CANCELLED:
      return ExitCode::Interrupted;
    default:
      return exitCodeOf(report.kind);
  }
}

std::string Option::key() const {
  std::string last = names.substr(names.rfind(',') + 1);
  return last.substr(last.find_first_not_of('-'));
}

std::string ParsedOptions::text(std::string_view key) const {
  auto found = values_.find(std::string(key));
  return found == values_.end() || found->second.empty() ? "" : found->second.back();
}

uint32_t ParsedOptions::number(std::string_view key) const {
  return static_cast<uint32_t>(std::strtoul(text(key).c_str(), nullptr, 10));
}

std::vector<std::string> ParsedOptions::all(std::string_view key) const {
  auto found = values_.find(std::string(key));
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

Answer<std::unique_ptr<Engine>> CommandContext::engine() const {
  EngineOptions engineOptions{.directory = directory,
                              .workspace = options.text("workspace"),
                              .apps = options.all("app"),
                              .variables = options.all("var"),
                              .variableFiles = options.all("var-file"),
                              .commandLine = commandLine,
                              .adopt = options.has("adopt"),
                              .verbose = options.has("verbose"),
                              .warn = [&to = output](const Error& warning) { to.warning(warning); }};
  return openEngine(engineOptions, interrupt, masker);
}

const std::vector<Option>& globalOptions() {
  static const std::vector<Option> options = {
      {"-C,--directory", "DIR", "Work as if started in DIR"},
      {"-a,--app", "NAME", "Only this app (several times for several)", true},
      {"-w,--workspace", "NAME",
       "The named environment to work in (default: \"default\", or $CAIRN_WORKSPACE)"},
      {"--var", "NAME=VALUE", "Give a variable a value", true},
      {"--var-file", "FILE", "Read variables from a TOML or JSON file", true},
      {"--adopt", "", "Use the records of a project of this name that was first used from elsewhere"},
      {"--json", "", "Tell everything as one JSON object a line"},
      {"--plain", "", "Plain lines: no colour, nothing rewritten"},
      {"-v,--verbose", "", "Tell more: output of builds, chains, resources, all reasons"},
      {"-h,--help", "", "Tell about a command"},
  };
  return options;
}

}  // namespace cairn::cli
