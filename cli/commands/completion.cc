// `cairn completion`: a script that makes a shell ask `cairn complete` what may come next.

#include "cli/command.h"
#include "cli/output/json_text.h"

namespace cairn::cli {

namespace {

// Candidates come from files of the project that somebody looks at, so that no shell may expand them: bash's
// compgen -W would run what stands in $(…).
constexpr std::string_view kBash = R"~(_cairn() {
  mapfile -t COMPREPLY < <(cairn complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _cairn cairn)~";

constexpr std::string_view kZsh = R"~(#compdef cairn
_cairn() {
  local -a candidates
  candidates=("${(@f)$(cairn complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${candidates[1]}" ]]; then compadd -a candidates; else _files; fi
}
compdef _cairn cairn)~";

constexpr std::string_view kFish = R"~(function __cairn_complete
  set -l words (commandline -opc) (commandline -ct)
  cairn complete -- $words[2..-1] 2>/dev/null
end
complete -c cairn -a '(__cairn_complete)')~";

Answer<ExitCode> run(CommandContext& context) {
  std::string shell = context.options.text("SHELL");
  std::string_view script = shell == "bash" ? kBash : shell == "zsh" ? kZsh : kFish;
  context.output.json(JsonObject().add("shell", shell).add("script", script).text());
  Lines lines;
  for (std::string_view line : splitLines(script)) lines.push_back(line);
  context.output.lines(lines);
  return ExitCode::Done;
}

}  // namespace

Command makeCompletion() {
  return {.path = "completion",
          .group = "Setting up",
          .summary = "Print a script that completes commands, flags and names in your shell",
          .example = "source <(cairn completion bash)",
          .arguments = {{"SHELL", "bash, zsh or fish", true, false, false, {"bash", "zsh", "fish"}}},
          .run = run};
}

}  // namespace cairn::cli
