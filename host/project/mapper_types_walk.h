#pragma once
// The part of mapper_walk.h that reads which types a mapper takes and makes.

#include "host/project/mapper_declaration.h"
#include "host/project/table_walk.h"

#include <string>
#include <string_view>

namespace cairn::host {

// `from` or `inputs`, and `to`, into `out`. `walk` is over the mapper's table.
void readMapperTypes(TableWalk& walk, MapperDeclaration& out, Errors& errors);

// Why `name` is no type's name such as "oci.Image"; empty if it is one.
std::string typeNameProblem(std::string_view name);

}  // namespace cairn::host
