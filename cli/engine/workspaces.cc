#include "cli/engine/workspaces.h"

#include "host/project/near_names.h"

#include <algorithm>

namespace cairn::cli {

namespace {

Answer<bool> hasRecords(Session& session, const std::string& project, const std::string& workspace) {
  host::RecordFilter any{.project = project, .workspace = workspace, .limit = 1};
  auto records = CAIRN_TRY(orFailure(session.context().store.records(std::move(any)).wait(session.wait())));
  return !records.empty();
}

void addOnce(std::vector<std::string>& to, const std::string& name) {
  if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
}

Answer<bool> isInUse(Session& session, const host::Project& project) {
  const auto& declared = project.workspaces;
  if (project.workspace == host::kDefaultWorkspace) return true;
  if (std::find(declared.begin(), declared.end(), project.workspace) != declared.end()) return true;
  return hasRecords(session, project.name, project.workspace);
}

std::string withoutDigits(std::string name) {
  std::erase_if(name, [](char c) { return c >= '0' && c <= '9'; });
  return name;
}

}  // namespace

Answer<std::vector<std::string>> knownWorkspaces(Session& session, const host::Project& project) {
  std::vector<std::string> names, known = project.workspaces;
  auto runs = CAIRN_TRY(orFailure(session.context().store.runs(project.name, 0).wait(session.wait())));
  for (const auto& run : runs) addOnce(names, run.workspace);
  for (const auto& name : names) {
    if (CAIRN_TRY(hasRecords(session, project.name, name))) addOnce(known, name);
  }
  return known;
}

Answer<void> checkWorkspace(Session& session, const host::Project& project) {
  if (CAIRN_TRY(isInUse(session, project))) return {};
  auto known = CAIRN_TRY(knownWorkspaces(session, project));
  return Failure(Error{.kind = ErrorKind::Config,
                       .code = "unknown-workspace",
                       .message = "the project " + project.name + " has no workspace \"" + project.workspace +
                                  "\": nothing is on record in it",
                       .hint = host::nameHint(project.workspace, known)});
}

Answer<std::optional<Error>> nearWorkspace(Session& session, const host::Project& project) {
  if (CAIRN_TRY(isInUse(session, project))) return std::optional<Error>();
  auto known = CAIRN_TRY(knownWorkspaces(session, project));
  // Names of workspaces are short, and two slips apart is what many are that are meant: dev and qa.
  const int slips = project.workspace.size() < 8 ? 1 : 2;
  std::erase_if(known, [&](const std::string& name) {
    return withoutDigits(name) == withoutDigits(project.workspace) ||
           host::nameDistance(name, project.workspace) > slips;
  });
  const std::string near = host::nearestName(project.workspace, known);
  if (near.empty()) return std::optional<Error>();
  return std::optional(Error{.kind = ErrorKind::Config,
                             .code = "new-workspace",
                             .message = "the workspace \"" + project.workspace +
                                        "\" is new; there is also one named \"" + near + "\"",
                             .hint = "if that one was meant: --workspace " + near});
}

}  // namespace cairn::cli
