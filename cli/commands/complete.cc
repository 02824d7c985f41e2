// `cairn complete`, for the scripts of `cairn completion`: what may come next, one candidate a line.

#include "cli/command.h"
#include "cli/completion_names.h"

namespace cairn::cli {

namespace {

Answer<ExitCode> run(CommandContext& context) {
  const NamesOf names = [&](NamedThing thing, const ParsedOptions& typed) {
    return namesFor(context, thing, typed);
  };
  for (const std::string& word : completionWords(context.options.all("WORDS"), names))
    context.output.text(word);
  return ExitCode::Done;
}

}  // namespace

Command makeComplete() {
  return {.path = "complete",
          .group = "",
          .summary = "Print what may come next on a command line",
          .example = "cairn complete -- plugin ''",
          .arguments = {{"WORDS", "what stands there; the last word may be incomplete", false, true, true}},
          .run = run};
}

}  // namespace cairn::cli
