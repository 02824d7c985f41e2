// `cairn explain`: what an error code means and what to do about it.

#include "cli/command.h"
#include "cli/explanations.h"
#include "cli/near_names.h"
#include "cli/output/json_text.h"
#include "cli/output/text.h"

namespace cairn::cli {

namespace {

ExitCode listAll(CommandContext& context) {
  Table table{.columns = {{"CODE", "code"}, {"MEANS", "title"}}};
  for (const Explanation& explanation : explanations()) {
    table.rows.push_back({std::string(explanation.name), std::string(explanation.title())});
  }
  context.output.table(table);
  return ExitCode::Done;
}

Answer<ExitCode> run(CommandContext& context) {
  std::string code = context.options.text("CODE");
  if (code.empty()) return listAll(context);
  const Explanation* found = findExplanation(code);
  if (found == nullptr) {
    std::vector<std::string> names;
    for (const Explanation& explanation : explanations()) names.emplace_back(explanation.name);
    return Failure(Error{.kind = ErrorKind::Config,
                         .code = "unknown-code",
                         .message = "nothing is known about the code '" + code + "'",
                         .hint = didYouMean(code, names, "'cairn explain' lists all codes")});
  }
  context.output.json(
      JsonObject().add("code", code).add("title", found->title()).add("body", found->body()).text());
  Lines lines{Line(found->title(), Tone::Strong), ""};
  const int columns = context.output.columns();
  if (columns > 0) {
    for (const std::string& line : wrapPage(found->body(), columns)) lines.push_back(line);
  } else {
    for (std::string_view line : splitLines(found->body())) lines.push_back(line);
  }
  context.output.lines(lines);
  return ExitCode::Done;
}

}  // namespace

Command makeExplain() {
  return {.path = "explain",
          .group = "Looking",
          .summary = "Tell what an error code means and what to do",
          .description = "Without a code, all codes are listed.",
          .example = "cairn explain unknown-flag",
          .arguments = {{"CODE", "as it stands at the end of an error"}},
          .run = run};
}

}  // namespace cairn::cli
