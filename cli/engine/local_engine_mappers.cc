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
    auto types = CAIRN_TRY(orFailure(host::TypeGraph::build(plugins)));
    Mappers out{.graph = types.snapshot(), .docs = docsOf(plugins)};
    if (opened) {
      out.project = opened->project.name;
      out.boundaries = host::boundariesOf(opened->project, plugins);
    }
    return out;
  });
}

}  // namespace cairn::cli
