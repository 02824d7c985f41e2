#pragma once
// The part of loadProject() that reads [[mapper]] tables, each for itself. For load_project.cc and its parts
// only.

#include "host/project/mapper_declaration.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::host {

// Where a list of mappers stands.
struct MapperScope {
  std::string path;              // of the list, as in messages: "mapper", "workspace.prod.app.web.mapper"
  std::string app;               // empty: the project's
  std::filesystem::path root;    // the project's folder
  std::filesystem::path folder;  // where `run` starts unless said: the app's, else the project's
};

// All mappers of the list that could be understood, in its order. What can be said of one mapper alone is
// checked, and that no two have one name.
std::vector<MapperDeclaration> readMappers(const SettingsNode& list, const MapperScope& scope,
                                           Errors& errors);

}  // namespace cairn::host
