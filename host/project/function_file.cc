#include "host/project/function_bodies.h"
#include "host/project/scope.h"

namespace cairn::host::function_bodies {
namespace {

std::filesystem::path pathOf(const Datum& datum) {
  return std::filesystem::path(*datum.text());
}

}  // namespace

Answer absPath(const Arguments& arguments, const Scope& scope) {
  return Datum{.value = (scope.projectPath / pathOf(arguments[0])).lexically_normal().string()};
}

Answer baseName(const Arguments& arguments, const Scope&) {
  return Datum{.value = pathOf(arguments[0]).filename().string()};
}

Answer dirName(const Arguments& arguments, const Scope&) {
  return Datum{.value = pathOf(arguments[0]).parent_path().string()};
}

}  // namespace cairn::host::function_bodies
