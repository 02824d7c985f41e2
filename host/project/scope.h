#pragma once
// What the names in ${…} mean at one place: in a stage of an app, when planning or when running.

#include "host/project/datum.h"
#include "host/project/git_facts.h"
#include "host/project/project.h"
#include "host/project/variables.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::host {

struct Scope {
  std::string project;
  std::filesystem::path projectPath;  // files are read from here
  std::string app;
  std::filesystem::path appPath;
  std::string workspace;
  std::map<std::string, std::string> labels;
  Variables variables;
  // Null: ${git.…} is an error. Outlives the scope.
  GitSource* git = nullptr;
  Environment environment;
  std::vector<std::string> environmentAllowed;
  bool anyEnvironment = false;  // of a plan: the names were checked when it was made
  // What earlier stages returned, under "build", "artifact", "deploy" and so on; Datum::unknown() while they
  // have not.
  std::map<std::string, Datum> outputs;
  // More names, such as `input` in a mapper. They hide others.
  std::map<std::string, Datum> extra;
  // The text of cairn.toml, to name the column inside a string; may be null. Outlives the scope.
  const std::string* source = nullptr;
};

// The scope of one stage when planning: labels are worked out, outputs of earlier stages are unknown.
//
// `variables` and `git` outlive nothing: the first is copied, the second outlives the scope.
Result<Scope, Errors> planScope(const Project& project, const App& app, StageKind stage,
                                const Variables& variables, Environment environment, GitSource& git);

// The names under which a stage's output is known to the later ones: "build"; "artifact"; "deploy" and
// "deployment"; "release". A build's output is "artifact" too until something was pushed.
std::vector<std::string> outputNames(StageKind stage);

// Works out labels, which must be known when planning and may hold no secret.
Result<std::map<std::string, std::string>, Errors> resolveLabels(const LabelNodes& labels,
                                                                 const Scope& scope);

}  // namespace cairn::host
