// The parts of resolve_settings.h that carry a scope into a plan and back.

#include "host/project/resolve_settings.h"
#include "host/project/setting_parts.h"

namespace cairn::host {

Result<Scope, Errors> runScope(wire::Plan::Reader plan, wire::Plan::App::Reader app,
                               wire::Plan::Stage::Reader stage, const Variables& secrets, GitSource& git) {
  Scope scope{.project = textOf(plan.getProject()),
              .projectPath = textOf(plan.getProjectPath()),
              .app = textOf(app.getName()),
              .appPath = textOf(app.getPath()),
              .workspace = textOf(plan.getWorkspace()),
              .git = &git,
              .environment = processEnvironment(),
              .anyEnvironment = true};
  for (auto label : stage.getLabels()) scope.labels[textOf(label.getName())] = textOf(label.getValue());
  Errors errors;
  for (auto variable : plan.getVariables()) {
    const std::string name = textOf(variable.getName());
    if (!variable.isSecret()) {
      scope.variables[name] = {readDatum(variable.getValue()), false, textOf(variable.getSource())};
    } else if (const auto found = secrets.find(name); found != secrets.end()) {
      scope.variables[name] = found->second;
      scope.variables[name].secret = scope.variables[name].value.secret = true;
    } else {
      errors.push_back(
          {.kind = ErrorKind::Config,
           .code = "missing-variable",
           .message = "the plan needs the secret variable '" + name + "', which has no value now",
           .hint = "a plan holds no secrets: give it again, as when the plan was made"});
    }
  }
  if (!errors.empty()) return errors;
  return scope;
}

void writeVariable(const std::string& name, const VariableValue& variable,
                   wire::Plan::Variable::Builder out) {
  out.setName(name);
  out.setSource(variable.source);
  if (variable.secret)
    out.setSecret();
  else
    writeDatum(variable.value, out.initValue());
}

void writeGitFacts(const GitFacts& facts, wire::GitFacts::Builder out) {
  out.setCommit(facts.commit);
  out.setBranch(facts.branch);
  out.setTag(facts.tag);
  out.setDirty(facts.dirty);
  out.setPretty(facts.pretty);
  out.setCommitTime(facts.commitTime);
  out.setRemote(facts.remote);
}

GitFacts readGitFacts(wire::GitFacts::Reader facts) {
  return {.commit = textOf(facts.getCommit()),
          .branch = textOf(facts.getBranch()),
          .tag = textOf(facts.getTag()),
          .dirty = facts.getDirty(),
          .pretty = textOf(facts.getPretty()),
          .commitTime = textOf(facts.getCommitTime()),
          .remote = textOf(facts.getRemote())};
}

}  // namespace cairn::host
