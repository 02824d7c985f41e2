// `cairn mapper list`

#include "cli/mapper_text.h"
#include "cli/output/json_text.h"

#include <algorithm>

namespace cairn::cli {

namespace {

// The types of --from and --to.
Result<std::vector<graph::TypeId>> typesAsked(const Mappers& mappers, const ParsedOptions& options,
                                              std::string_view key) {
  std::vector<graph::TypeId> out;
  for (const std::string& name : options.all(key)) out.push_back(CAIRN_TRY(typeNamed(*mappers.graph, name)));
  return out;
}

bool takesOneOf(const graph::MapperSpec& mapper, const std::vector<graph::TypeId>& types) {
  return types.empty() || std::ranges::any_of(mapper.inputs, [&](const graph::MapperInput& input) {
           return std::ranges::find(types, input.type) != types.end();
         });
}

bool makesOneOf(const graph::MapperSpec& mapper, const std::vector<graph::TypeId>& types) {
  return types.empty() || std::ranges::find(types, mapper.output) != types.end();
}

Answer<ExitCode> run(CommandContext& context) {
  auto engine = CAIRN_TRY(context.engine());
  const Mappers mappers = CAIRN_TRY(engine->mappers());
  const auto from = CAIRN_TRY(orFailure(typesAsked(mappers, context.options, "from")));
  const auto to = CAIRN_TRY(orFailure(typesAsked(mappers, context.options, "to")));
  Table table{
      .columns =
          {{"MAPPER", ""}, {"VERSION", ""}, {"TAKES", ""}, {"MAKES", ""}, {"COST", ""}, {"REMARKS", ""}},
      .ifEmpty = from.empty() && to.empty() ? "there is no mapper here" : "there is no such mapper here"};
  for (const graph::MapperSpec& mapper : mappers.all) {
    if (!takesOneOf(mapper, from) || !makesOneOf(mapper, to)) continue;
    context.output.json(mapperJson(mappers, mapper));
    table.rows.push_back({withoutVersion(mapper.id), splitMapperId(mapper.id).version,
                          inputsText(*mappers.graph, mapper), mappers.graph->typeName(mapper.output),
                          std::to_string(mapper.cost), remarksOn(mapper, mappers.rules)});
  }
  if (!context.output.isJson()) context.output.table(table);
  return ExitCode::Done;
}

}  // namespace

Command makeMapperList() {
  return {.path = "mapper list",
          .group = "Looking",
          .summary = "List the mappers that turn one type into another here",
          .description = "Those of all plugins, and of cairn.toml where there is one.",
          .example = "cairn mapper list --to docker.Image",
          .options = {{"--from", "TYPE", "Only those that take this type", true},
                      {"--to", "TYPE", "Only those that make this type", true}},
          .run = run};
}

}  // namespace cairn::cli
