// `cairn plugin list`

#include "cli/command.h"
#include "cli/output/json_text.h"
#include "cli/output/story.h"
#include "cli/plugin_text.h"

namespace cairn::cli {

namespace {

Answer<ExitCode> run(CommandContext& context) {
  auto engine = CAIRN_TRY(context.engine());
  auto plugins = CAIRN_TRY(engine->plugins());
  Table table{.columns = {{"NAME", "name"},
                          {"VERSION", "version"},
                          {"OFFERS", "offers"},
                          {"FROM", "origin"},
                          {"", "path"},
                          {"", "digest"},
                          {"ABOUT", "description"}},
              .ifEmpty = "there is no plugin here"};
  for (const PluginInfo& plugin : plugins) {
    auto manifest = plugin.manifest.reader();
    std::vector<std::string> offers = offersOf(manifest);
    std::string text;
    for (const std::string& offer : offers) text += (text.empty() ? "" : ", ") + offer;
    table.rows.push_back({string(manifest.getName()), string(manifest.getVersion()),
                          Cell(text, jsonList(offers)), plugin.origin, plugin.path, plugin.bundleDigest,
                          string(manifest.getDescription())});
  }
  context.output.table(table);
  return ExitCode::Done;
}

}  // namespace

Command makePluginList() {
  return {.path = "plugin list",
          .group = "Looking",
          .summary = "List the plugins that can be used here",
          .example = "cairn plugin list",
          .run = run};
}

}  // namespace cairn::cli
