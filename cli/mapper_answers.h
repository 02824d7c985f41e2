#pragma once
// What can be asked about mappers, and the answers: an immutable graph, and questions put to it.

#include <cairn/graph/mapper_graph.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "host/pipeline/boundaries.h"

namespace cairn::cli {

// All that is known here about mappers.
struct Mappers {
  std::shared_ptr<const graph::MapperGraph> graph;  // with the mappers that every app sees
  std::vector<graph::MapperSpec> all;               // with those of single apps too; sorted by id
  std::string project;                              // its name; empty: there is none here
  graph::Query rules;                               // what [mappers] says; asks for nothing
  host::Boundaries boundaries;                      // empty without a project
  std::map<std::string, std::string> docs;          // a plugin's mapper, by its id: one line about it
  std::map<std::string, std::string> gatePlaces;    // a gate, by its id: "deploy", "app.web", "deploy of web"
};

// "plugin@version/name", taken apart. A mapper of cairn.toml has no version.
struct MapperId {
  std::string plugin, version, name;
};
MapperId splitMapperId(const std::string& id);
std::string withoutVersion(const std::string& id);  // "plugin/name"

// A question and its answer.
struct Chain {
  host::Boundary boundary;  // of a question of one's own only the query is filled
  Result<graph::Explanation> answer;
  graph::Reasons reasons = graph::Reasons::Nearest;  // that the answer gives where there is none
};

// The chains of a project's stages, those of --app and --stage only; or that of --from and --to. With -v all
// reasons why there is none.
//
// Errors: unknown-type, unknown-app, bad-flag-value, no-project; the mistakes of the file.
Answer<std::vector<Chain>> askForChains(const Mappers& mappers, const ParsedOptions& options);

// The type of this name. Errors: unknown-type, with near names.
Result<graph::TypeId> typeNamed(const graph::MapperGraph& graph, const std::string& name);

// What is wanted, and where: "web deploy: the platform docker takes a docker.Image".
std::string titleOf(const host::Boundary& boundary);
// The error of a chain that there is none of, with where it is missing.
Error errorOf(const Chain& chain);
// What is taken is one of the values that cairn itself gives, so that there is nothing to tell of it.
bool isPlain(const Chain& chain);

}  // namespace cairn::cli
