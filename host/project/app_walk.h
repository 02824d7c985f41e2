#pragma once
// The part of loadProject() that reads [app.…]. For load_project.cc only.

#include "host/project/project.h"
#include "host/project/table_walk.h"

namespace cairn::host {

// Whether a table stands for itself or lies upon another one, whose keys it need not repeat.
enum class Completeness { Whole, Override };

App readApp(const SettingsEntry& entry, const std::string& path, const std::filesystem::path& root,
            Completeness completeness, Errors& errors);

LabelNodes readLabels(TableWalk& walk, Errors& errors);

// Adds unknown-app and needs-cycle errors.
void checkNeeds(const std::vector<App>& apps, Errors& errors);

}  // namespace cairn::host
