// `cairn plugin show`

#include "cli/command.h"
#include "cli/near_names.h"
#include "cli/output/story.h"
#include "cli/plugin_text.h"

namespace cairn::cli {

namespace {

Answer<ExitCode> run(CommandContext& context) {
  auto engine = CAIRN_TRY(context.engine());
  auto plugins = CAIRN_TRY(engine->plugins());
  std::string wanted = context.options.text("NAME");
  std::vector<std::string> names;
  for (const PluginInfo& plugin : plugins) {
    names.push_back(string(plugin.manifest.reader().getName()));
    if (names.back() != wanted) continue;
    context.output.json(pluginJson(plugin));
    context.output.lines(pluginLines(plugin));
    return ExitCode::Done;
  }
  return Failure(Error{.kind = ErrorKind::Config,
                       .code = "unknown-plugin",
                       .message = "there is no plugin '" + wanted + "' here",
                       .hint = didYouMean(wanted, names, "'cairn plugin list' lists all")});
}

}  // namespace

Command makePluginShow() {
  return {.path = "plugin show",
          .group = "Looking",
          .summary = "Tell a plugin's components, types, mappers and settings",
          .example = "cairn plugin show docker",
          .arguments = {{"NAME", "as 'cairn plugin list' has it", true}},
          .run = run};
}

}  // namespace cairn::cli
