// `cairn complete`, for the scripts of `cairn completion`: what may come next, one candidate a line.

#include <algorithm>
#include <string_view>

#include "cli/command.h"
#include "cli/completion_names.h"

namespace cairn::cli {

namespace {

// What a shell takes as it stands. bash puts a candidate on the command line without quotes, where a name as
// $(…) would run with the next Enter; such names, which no valid file has, are left out.
bool isPlain(const std::string& word) {
  constexpr std::string_view kSigns = "-_.:/@+,=%";
  return std::all_of(word.begin(), word.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kSigns.find(c) != kSigns.npos;
  });
}

Answer<ExitCode> run(CommandContext& context) {
  const NamesOf names = [&](NamedThing thing, const ParsedOptions& typed) {
    return namesFor(context, thing, typed);
  };
  for (const std::string& word : completionWords(context.options.all("WORDS"), names)) {
    if (isPlain(word)) context.output.text(word);
  }
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
