#pragma once
// A workspace begins to exist when something runs in it, so that a mistyped name looks like a new one: here
// is who tells them apart.

#include "cli/engine/session.h"
#include "host/project/project.h"

#include <optional>

namespace cairn::cli {

// Those of the file and those with records.
Answer<std::vector<std::string>> knownWorkspaces(Session& session, const host::Project& project);

// For commands that only look or undo: the project's workspace is the default one, is named in the file, or
// has records. Errors: unknown-workspace, with near names.
Answer<void> checkWorkspace(Session& session, const host::Project& project);

// For commands that may begin a new workspace: a warning, new-workspace, where this one would be new and is
// named nearly like another. Names that differ in their digits alone are meant, as in pr-12 and pr-13.
Answer<std::optional<Error>> nearWorkspace(Session& session, const host::Project& project);

}  // namespace cairn::cli
