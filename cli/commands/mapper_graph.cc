// `cairn mapper graph`

#include "cli/graphviz.h"
#include "cli/mapper_picture.h"
#include "cli/mapper_text.h"
#include "cli/output/json_text.h"
#include "cli/output/text.h"
#include "cli/write_file.h"

namespace cairn::cli {

namespace {

// Every type that is taken, with what it can become.
Lines outline(const Mappers& mappers) {
  const graph::MapperGraph& graph = *mappers.graph;
  Lines lines;
  for (const graph::TypeRef& type : graph.types()) {
    bool first = true;
    for (const graph::MapperSpec& mapper : mappers.all) {
      if (mapper.inputs.empty() || mapper.inputs.front().type != type.id) continue;
      if (first) lines.push_back(Line(type.name, Tone::Strong));
      first = false;
      Line line("  ");
      if (mapper.inputs.size() > 1) line.add("with ").add(inputsText(graph, mapper, 1)).add(" ");
      line.add("→ ")
          .add(graph.typeName(mapper.output), Tone::Accent)
          .add("  " + withoutVersion(mapper.id), Tone::Dim);
      if (std::string remarks = remarksOn(mapper, mappers.rules); !remarks.empty())
        line.add("  " + remarks, Tone::Warn);
      lines.push_back(std::move(line));
    }
  }
  lines.push_back(Line("as a picture: cairn mapper graph --svg FILE", Tone::Dim));
  return lines;
}

// What each stage takes, and by which chain. What Cairn gives to every stage is told with -v.
Lines chainOutline(const std::vector<Chain>& chains, bool verbose) {
  Lines lines;
  for (const Chain& chain : chains) {
    if (!verbose && isPlain(chain)) continue;
    lines.push_back(Line(titleOf(chain.boundary), Tone::Strong));
    if (!chain.answer)
      lines.push_back(Line("  " + chain.answer.error().message, Tone::Bad));
    else if (chain.answer->chosen.steps.empty())
      lines.push_back(Line("  taken as it is"));
    else
      lines.push_back(Line("  " + chain.answer->chain));
  }
  lines.push_back(Line("why these: cairn mapper explain", Tone::Dim));
  return lines;
}

std::string graphJson(const Mappers& mappers, const std::vector<Chain>& chains, PictureParts parts) {
  std::string nodes, ways;
  const bool map = parts == PictureParts::ChainsAndMap;
  for (const graph::MapperSpec& mapper : map ? mappers.all : std::vector<graph::MapperSpec>())
    nodes += (nodes.empty() ? "" : ",") + mapperJson(mappers, mapper);
  for (const Chain& chain : chains) ways += (ways.empty() ? "" : ",") + chainJson(mappers, chain);
  return JsonObject()
      .addJson("mappers", map ? "[" + nodes + "]" : "")
      .addJson("chains", "[" + ways + "]")
      .text();
}

Answer<void> writeSvg(CommandContext& context, const std::string& picture, const std::string& file) {
  const std::string svg = CAIRN_TRY(orFailure(drawSvg(picture)));
  if (file == "-") {
    printPicture(context.output, svg);
    return {};
  }
  CAIRN_TRY(writeFile(file, svg, Readers::AsUsual));
  context.output.json(JsonObject().add("file", file).text());
  context.output.text("wrote " + file);
  return {};
}

Answer<ExitCode> run(CommandContext& context) {
  auto engine = CAIRN_TRY(context.engine());
  const Mappers mappers = CAIRN_TRY(engine->mappers());
  std::vector<Chain> chains;
  const bool only = context.options.has("chains");
  if (only || !mappers.project.empty()) chains = CAIRN_TRY(askForChains(mappers, context.options));
  const auto parts = only ? PictureParts::Chains : PictureParts::ChainsAndMap;
  if (context.options.has("svg")) {
    CAIRN_TRY(writeSvg(context, pictureOf(mappers, chains, parts), context.options.text("svg")));
  } else if (context.options.has("dot")) {
    printPicture(context.output, pictureOf(mappers, chains, parts));
  } else {
    context.output.json(graphJson(mappers, chains, parts));
    context.output.lines(only ? chainOutline(chains, context.options.has("verbose")) : outline(mappers));
  }
  return ExitCode::Done;
}

}  // namespace

Command makeMapperGraph() {
  return {.path = "mapper graph",
          .group = "Looking",
          .summary = "Draw types, mappers and gates, and the chains that this project goes",
          .description = "Without an option, in a few lines of text. Graphviz lays out the picture.",
          .example = "cairn mapper graph --svg mappers.svg",
          .options = {{"--svg", "FILE", "Write a picture; '-' writes it to stdout"},
                      {"--dot", "", "Print the source of the picture, for Graphviz"},
                      {"--chains", "", "Only the chains of the apps, not every mapper"}},
          .run = run};
}

}  // namespace cairn::cli
