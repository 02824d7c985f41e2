#pragma once
// Where the components of a project meet: every input of every stage, with the question that it asks of the
// mapper graph. The file and the manifests are enough for it, so that it works before anything is built.

#include <host/pipeline/stage_query.h>
#include <host/project/project.h>

#include <memory>
#include <string>
#include <vector>

namespace cairn::host {

struct Boundary {
  std::string app;
  wire::StageKind stage = wire::StageKind::BUILD;
  std::string component;                            // what the stage's `use` says
  std::string plugin;                               // that offers it
  std::string role;                                 // of the input; empty: none
  std::shared_ptr<const graph::MapperGraph> graph;  // that the question is put to: the app's
  graph::Query query;
  SourcePosition position;  // of `use`
};

struct Boundaries {
  std::vector<Boundary> all;  // app by app, in the file's order, stage by stage
  Errors mistakes;            // unknown-component and the like; what stands behind one is not known
};

Boundaries boundariesOf(const Project& project, const PluginSet& plugins, const TypeGraphs& types);

}  // namespace cairn::host
