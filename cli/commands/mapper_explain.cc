// `cairn mapper explain`

#include "cli/mapper_picture.h"
#include "cli/mapper_text.h"

namespace cairn::cli {

namespace {

void tell(CommandContext& context, const Mappers& mappers, const std::vector<Chain>& chains) {
  const bool verbose = context.options.has("verbose");
  Lines lines;
  for (const Chain& chain : chains) {
    context.output.json(chainJson(mappers, chain));
    if (!chain.answer || (isPlain(chain) && !verbose)) continue;
    if (!lines.empty()) lines.push_back("");
    for (Line& line : chainLines(mappers, chain, verbose)) lines.push_back(std::move(line));
  }
  if (lines.empty() && !context.output.isJson()) return;
  context.output.lines(lines);
}

Answer<ExitCode> run(CommandContext& context) {
  auto engine = CAIRN_TRY(context.engine());
  const Mappers mappers = CAIRN_TRY(engine->mappers());
  const auto chains = CAIRN_TRY(askForChains(mappers, context.options));
  if (context.options.has("dot")) {
    printPicture(context.output, pictureOf(mappers, chains, PictureParts::Chains));
    return ExitCode::Done;
  }
  tell(context, mappers, chains);
  std::vector<Error> errors;
  for (const Chain& chain : chains) {
    if (!chain.answer) errors.push_back(errorOf(chain));
  }
  if (errors.empty()) return ExitCode::Done;
  return Failure(std::move(errors));
}

}  // namespace

Command makeMapperExplain() {
  return {.path = "mapper explain",
          .group = "Looking",
          .summary = "Tell which chain of mappers joins two components, and why that one",
          .description =
              "Of the project's apps and stages, those of --app and --stage only; or, with --from and --to,\n"
              "between any two types, in a project or not. With -v also what cairn itself gives.",
          .example = "cairn mapper explain --app web --stage deploy",
          .options = {{"--stage", "STAGE", "Only this stage: build, push, deploy or release"},
                      {"--from", "TYPE", "Begin with a value of this type (several times for several)", true},
                      {"--to", "TYPE", "End with a value of this type"},
                      {"--dot", "", "Print the chains as the source of a picture, for Graphviz"}},
          .run = run};
}

}  // namespace cairn::cli
