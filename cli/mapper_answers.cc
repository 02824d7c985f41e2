#include "cli/mapper_answers.h"

#include <algorithm>

#include "cli/near_names.h"
#include "cli/record_text.h"
#include "host/pipeline/emitter.h"
#include "host/pipeline/plan_maker.h"

namespace cairn::cli {

namespace {

using host::Boundary;

Error flagError(std::string message, std::string hint) {
  return {.kind = ErrorKind::Config,
          .code = "bad-flag-value",
          .message = std::move(message),
          .hint = std::move(hint)};
}

Result<std::vector<Boundary>> questionOfOnesOwn(const Mappers& mappers, const ParsedOptions& options) {
  if (!options.has("from") || !options.has("to"))
    return flagError("--from and --to belong together",
                     "cairn mapper explain --from oci.Image --to docker.Image");
  if (options.has("app") || options.has("stage"))
    return flagError("--from and --to ask about types, --app and --stage about the project's own chains",
                     "ask for one or the other");
  Boundary boundary{.graph = mappers.graph, .query = mappers.rules};
  for (const std::string& name : options.all("from"))
    boundary.query.available.push_back({.type = CAIRN_TRY(typeNamed(*mappers.graph, name)), .main = true});
  for (auto given : {wire::Given::SOURCE_TREE, wire::Given::LABELS, wire::Given::DEPLOYMENT_CONFIG})
    boundary.query.available.push_back({.type = host::givenType(given), .label = "given by cairn"});
  boundary.query.wanted = CAIRN_TRY(typeNamed(*mappers.graph, options.text("to")));
  return std::vector{std::move(boundary)};
}

Result<std::vector<Boundary>> questionsOfProject(const Mappers& mappers, const ParsedOptions& options) {
  if (mappers.project.empty()) {
    return Error{.kind = ErrorKind::Config,
                 .code = "no-project",
                 .message = "there is no cairn.toml here or above, so there are no stages to explain",
                 .hint = "--from TYPE --to TYPE asks without one"};
  }
  const std::vector<std::string> apps = options.all("app");
  const std::string stage = options.text("stage");
  const std::vector<std::string> stages{"build", "push", "deploy", "release"};
  if (!stage.empty() && std::ranges::find(stages, stage) == stages.end())
    return flagError("'" + stage + "' is no stage",
                     didYouMean(stage, stages, "they are build, push, deploy, release"));
  std::vector<Boundary> out;
  for (const Boundary& boundary : mappers.boundaries.all) {
    const bool app = apps.empty() || std::ranges::find(apps, boundary.app) != apps.end();
    if (app && (stage.empty() || stage == stageWord(boundary.stage))) out.push_back(boundary);
  }
  return out;
}

}  // namespace

MapperId splitMapperId(const std::string& id) {
  const auto slash = id.find('/');
  if (slash == std::string::npos) return {"", "", id};
  const auto at = std::min(id.find('@'), slash);
  return {id.substr(0, at), at < slash ? id.substr(at + 1, slash - at - 1) : "", id.substr(slash + 1)};
}

std::string withoutVersion(const std::string& id) {
  const MapperId parts = splitMapperId(id);
  return parts.plugin.empty() ? parts.name : parts.plugin + "/" + parts.name;
}

Result<graph::TypeId> typeNamed(const graph::MapperGraph& graph, const std::string& name) {
  if (auto type = graph.findType(name)) return *type;
  std::vector<std::string> names;
  for (const auto& type : graph.types()) names.push_back(type.name);
  return Error{.kind = ErrorKind::Config,
               .code = "unknown-type",
               .message = "no plugin here knows a type \"" + name + "\"",
               .hint = didYouMean(name, names, "'cairn mapper list' shows what is taken and made")};
}

Answer<std::vector<Chain>> askForChains(const Mappers& mappers, const ParsedOptions& options) {
  const bool own = options.has("from") || options.has("to");
  auto questions = own ? questionOfOnesOwn(mappers, options) : questionsOfProject(mappers, options);
  if (!questions) return Failure(std::move(questions).error());
  if (questions->empty() && !mappers.boundaries.mistakes.empty()) return Failure(mappers.boundaries.mistakes);
  const auto reasons = options.has("verbose") ? graph::Reasons::All : graph::Reasons::Nearest;
  std::vector<Chain> out;
  for (Boundary& question : *questions) {
    auto answer = question.graph->explain(question.query, reasons);
    out.push_back({std::move(question), std::move(answer), reasons});
  }
  return out;
}

std::string titleOf(const Boundary& boundary) {
  const graph::MapperGraph& graph = *boundary.graph;
  const std::string wanted = graph.typeName(boundary.query.wanted);
  if (boundary.app.empty()) {
    std::string from;
    for (const auto& value : boundary.query.available) {
      if (value.main) from += (from.empty() ? "" : " and ") + graph.typeName(value.type);
    }
    return from + " to " + wanted;
  }
  return boundary.app + " " + std::string(stageWord(boundary.stage)) + ": the " +
         host::kindName(host::componentKind(boundary.stage)) + " " + boundary.component + " takes " + wanted +
         (boundary.role.empty() ? "" : " as " + boundary.role);
}

Error errorOf(const Chain& chain) {
  Error error = chain.answer.error();
  error.position = chain.boundary.position;
  return std::move(error).context(titleOf(chain.boundary));
}

bool isPlain(const Chain& chain) {
  return host::isGiven(chain.boundary.query.wanted) && chain.answer && chain.answer->chosen.steps.empty();
}

}  // namespace cairn::cli
