#pragma once
// Works out the ${…} of settings: as far as can be when planning, fully when running.

#include <cairn/base/result.h>
#include <cairn/plan.capnp.h>

#include "host/project/scope.h"
#include "host/project/settings_node.h"

#include <string>
#include <vector>

namespace cairn::host {

struct Resolution {
  std::vector<std::string> unknownPaths;  // dotted, relative to the table: "env.TOKEN", "ports[0]"
  std::vector<std::string> secretPaths;
  std::vector<std::string> secretTexts;  // strings to be masked; only of resolveAtRun()
};

// When planning: what can't be known yet, or is secret, stays an expression (with `secret` set); all else
// becomes literal. Positions are kept. What is wrong stays an expression too, so that the rest can be looked
// at. `node` is a stage's settings table, or any other node, such as a
// hook's word.
//
// Errors: bad-expression, unknown-variable, unreadable-file, outside-project, git-missing …; all there are.
Result<Resolution, Errors> resolveSettings(const SettingsNode& node, const Scope& scope,
                                           wire::Setting::Builder out);

// When running: the expressions that are left become literal. A literal that holds a secret has `secret` set,
// so the outcome must stay in memory. With `mayBeUnknown` what needs an earlier stage's output stays an
// expression: before the first act there is none.
Result<Resolution, Errors> resolveAtRun(wire::Setting::Reader planned, const Scope& scope,
                                        wire::Setting::Builder out, bool mayBeUnknown = false);

// The scope of one stage of a plan that is being run. Everything but secrets comes from the plan; `secrets`
// are the variables as looked up again, of which only those the plan says are secret are taken. `outputs` and
// `environment` are the caller's.
//
// Errors: missing-variable, where a secret of the plan is not among `secrets`.
Result<Scope, Errors> runScope(wire::Plan::Reader plan, wire::Plan::App::Reader app,
                               wire::Plan::Stage::Reader stage, const Variables& secrets, GitSource& git);

// What goes into the plan: literals, and for secrets nothing but their name.
void writeVariable(const std::string& name, const VariableValue& variable, wire::Plan::Variable::Builder out);
void writeGitFacts(const GitFacts& facts, wire::GitFacts::Builder out);
GitFacts readGitFacts(wire::GitFacts::Reader facts);

void writeDatum(const Datum& datum, wire::Setting::Builder out);
// Expressions are read as text.
Datum readDatum(wire::Setting::Reader setting);

}  // namespace cairn::host
