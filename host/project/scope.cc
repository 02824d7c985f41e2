#include "host/project/scope.h"

#include "host/project/evaluate.h"
#include "host/project/expression_check.h"

namespace cairn::host {

std::vector<std::string> outputNames(StageKind stage) {
  switch (stage) {
    case StageKind::Build:
      return {"build", "artifact"};
    case StageKind::Push:
      return {"artifact"};
    case StageKind::Deploy:
      return {"deploy", "deployment"};
    case StageKind::Release:
      return {"release"};
  }
  return {};
}

Result<std::map<std::string, std::string>, Errors> resolveLabels(const LabelNodes& labels,
                                                                 const Scope& scope) {
  std::map<std::string, std::string> out;
  Errors errors;
  for (const auto& [name, node] : labels) {
    const std::string path = "labels." + name;
    auto worth = evaluateText(*node.text(), scope);
    if (!worth) {
      errors.push_back(errorOf(worth.error(), node, path, scope.source));
    } else if (worth->holdsSecret()) {
      errors.push_back(errorOf({.message = "the label '" + name + "' is a secret, which a label would show",
                                .hint = "leave it out of the label"},
                               node, path, nullptr));
    } else if (!worth->fullyKnown()) {
      out[name] = "";  // it holds a variable without a value, which is told where that is looked for
    } else {
      out[name] = datumText(*worth);
    }
  }
  if (!errors.empty()) return errors;
  return out;
}

Result<Scope, Errors> planScope(const Project& project, const App& app, StageKind kind,
                                const Variables& variables, Environment environment, GitSource& git) {
  Scope scope{.project = project.name,
              .projectPath = project.root,
              .app = app.name,
              .appPath = app.path,
              .workspace = project.workspace,
              .variables = variables,
              .git = &git,
              .environment = std::move(environment),
              .environmentAllowed = project.environment,
              .source = &project.source};
  LabelNodes labels = app.labels;
  if (const Stage* stage = app.stage(kind)) {
    for (const auto& [name, node] : stage->labels) labels.insert_or_assign(name, node);
  }
  auto resolved = resolveLabels(labels, scope);
  if (!resolved) return std::move(resolved).error();
  scope.labels = std::move(*resolved);
  for (const StageKind earlier : {StageKind::Build, StageKind::Push, StageKind::Deploy}) {
    if (earlier >= kind) break;
    for (const std::string& name : outputNames(earlier)) scope.outputs[name] = Datum::unknown();
  }
  return scope;
}

}  // namespace cairn::host
