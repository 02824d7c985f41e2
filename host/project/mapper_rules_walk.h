#pragma once
// The part of loadProject() that reads [mappers] and [types]. For load_project.cc only.

#include "host/project/mapper_declaration.h"
#include "host/project/table_walk.h"

#include <filesystem>
#include <vector>

namespace cairn::host {

inline constexpr std::size_t kMostTypeFiles = 64;

// `walk` is the whole file. Custom mappers that rules name must be among `mappers`.
MapperRules readMapperRules(TableWalk& walk, const std::vector<MapperDeclaration>& mappers, Errors& errors);

std::vector<TypeFile> readTypeFiles(TableWalk& walk, const std::filesystem::path& root, Errors& errors);

}  // namespace cairn::host
