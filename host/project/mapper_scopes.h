#pragma once
// The part of loadProject() that lays the mappers of narrower scopes over those of wider ones, and checks
// what they say about each other. For load_project.cc only.

#include "host/project/mapper_declaration.h"
#include "host/project/mapper_walk.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::host {

// The mappers that a file, or one workspace of it, declares.
struct MapperLayer {
  std::vector<MapperDeclaration> project;
  std::map<std::string, std::vector<MapperDeclaration>> apps;

  bool empty() const { return project.empty() && apps.empty(); }
};

// What else the file declares, which mappers may name.
struct MapperSurroundings {
  std::vector<std::string> apps;
  // What any app or workspace writes as `use`, by the stage's table.
  std::map<std::string, std::vector<std::string>> uses;
  // The apps that have a stage, here or in some workspace, by the stage's table.
  std::map<std::string, std::vector<std::string>> stages;
};

// `tree` is the whole file, or one workspace's table at `prefix` ("workspace.prod."). Lists of an app that is
// not in `folders` are left out.
MapperLayer readMapperLayer(const SettingsNode& tree, const std::string& prefix,
                            const std::filesystem::path& root,
                            const std::map<std::string, std::filesystem::path>& folders, Errors& errors);

MapperSurroundings surroundingsOf(const SettingsNode& tree);

// Both layers as one list in the file's order; `hiddenIn` is filled. Adds missing-key where a gate is
// overridden by what doesn't say whether it is one.
std::vector<MapperDeclaration> layMappers(const MapperLayer& base, const MapperLayer& over, Errors& errors);

// Adds unknown-app, unknown-gate-place, unknown-mapper and gate-cycle errors.
void checkMappers(const std::vector<MapperDeclaration>& mappers, const MapperSurroundings& surroundings,
                  Errors& errors);

}  // namespace cairn::host
