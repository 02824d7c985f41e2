// The mappers of this machine and of the project here, if there is one.

#include "cli/engine/guarded.h"
#include "cli/engine/local_engine.h"
#include "cli/mapper_answers.h"

#include <algorithm>

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

// The mappers of all these graphs, each once, sorted by id.
std::vector<graph::MapperSpec> mappersOf(const std::vector<const graph::MapperGraph*>& graphs) {
  std::map<std::string, graph::MapperSpec> all;
  for (const graph::MapperGraph* graph : graphs) {
    for (graph::MapperIndex i = 0; i < graph->mapperCount(); ++i) {
      graph::MapperSpec mapper = graph->mapper(i);
      std::string id = mapper.id;
      all.try_emplace(std::move(id), std::move(mapper));
    }
  }
  std::vector<graph::MapperSpec> out;
  for (auto& [id, mapper] : all) out.push_back(std::move(mapper));
  return out;
}

// Where the gates of the file stand, as one reads it there: "deploy", "app.web", "deploy of web".
std::map<std::string, std::string> gatePlacesOf(const host::Project& project) {
  std::map<std::string, std::string> out;
  for (const host::MapperDeclaration& mapper : project.mappers) {
    if (!mapper.isGate()) continue;
    std::string places, apps = mapper.app;
    for (const host::GatePlace& place : mapper.gate) places += (places.empty() ? "" : ", ") + place.text();
    for (const std::string& app : mapper.apps) apps += (apps.empty() ? "" : ", ") + app;
    out.emplace(mapper.id(), apps.empty() ? places : places + " of " + apps);
  }
  return out;
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
    auto plugins = openPlugins(*session_, options_, opened ? opened->project : host::Project(), catalog);
    Mappers out{.docs = docsOf(plugins)};
    if (!opened) {
      auto types = host::TypeGraph::build(plugins);
      if (!types) return Failure(std::move(types).error());
      out.graph = types->snapshot();
      out.all = mappersOf({out.graph.get()});
      return out;
    }
    const host::Project& project = opened->project;
    auto types = host::TypeGraphs::build(plugins, project);
    if (!types) return Failure(std::move(types).error());
    out.graph = types->of("").snapshot();
    out.project = project.name;
    out.gatePlaces = gatePlacesOf(project);
    out.rules = host::queryUnder(project.mapperRules);
    out.boundaries = host::boundariesOf(project, plugins, *types);
    std::vector<const graph::MapperGraph*> graphs{out.graph.get()};
    for (const auto& app : project.apps) {
      const graph::MapperGraph* own = &types->of(app.name).graph();
      if (std::ranges::find(graphs, own) == graphs.end()) graphs.push_back(own);
    }
    out.all = mappersOf(graphs);
    return out;
  });
}

}  // namespace cairn::cli
