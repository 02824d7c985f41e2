// The mappers of this machine and of the project here, if there is one.

#include "cli/engine/guarded.h"
#include "cli/engine/local_engine.h"
#include "cli/mapper_answers.h"

namespace cairn::cli {

namespace {

std::map<std::string, std::string> docsOf(const host::PluginSet& plugins) {
  std::map<std::string, std::string> docs;
  for (const auto& plugin : plugins.plugins()) {
    auto manifest = plugin.manifest->reader();
    for (auto mapper : manifest.getMappers()) {
      docs.emplace(plugin.bundle.name + "@" + manifest.getVersion().cStr() + "/" + mapper.getName().cStr(),
                   mapper.getDoc().cStr());
    }
  }
  return docs;
}

}  // namespace

Answer<Mappers> LocalEngine::mappers() {
  return guarded<Mappers>([&]() -> Answer<Mappers> {
    session_->beQuiet();
    host::PluginCatalog catalog({host::PluginCatalog::builtinFolder()}, {});
    auto opened = openProject(options_);
    if (opened) {
      CAIRN_TRY(checkApps(*opened));
      catalog = opened->catalog;
    } else if (opened.error().errors.front().code != "no-project") {
      return std::move(opened).error();
    }
    auto plugins = host::PluginSet::open(session_->context().broker, catalog).wait(session_->wait());
    Mappers out{.docs = docsOf(plugins)};
    if (!opened) {
      auto types = host::TypeGraph::build(plugins);
      if (!types) return Failure(std::move(types).error());
      out.graph = types->snapshot();
      return out;
    }
    auto types = host::TypeGraphs::build(plugins, opened->project);
    if (!types) return Failure(std::move(types).error());
    out.graph = types->of("").snapshot();
    out.project = opened->project.name;
    out.rules = host::queryUnder(opened->project.mapperRules);
    out.boundaries = host::boundariesOf(opened->project, plugins, *types);
    return out;
  });
}

}  // namespace cairn::cli
