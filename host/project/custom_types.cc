#include "host/project/custom_types.h"

#include "host/project/mapper_types_walk.h"
#include "host/project/schema_files.h"
#include "host/project/type_manifest.h"

#include <cairn/dynamic/schema_set.h>

#include <kj/exception.h>

#include <map>

namespace cairn::host {
namespace {

class TypeCompiler {
 public:
  TypeCompiler(const Project& project, const std::vector<TakenType>& taken)
      : taken_(taken), reading_{project} {}

  Result<std::vector<std::uint64_t>, Errors> compile() {
    capnp::SchemaParser parser;
    for (const TypeFile& file : reading_.project.typeFiles) {
      reading_.root = &file;
      auto problem = kj::runCatchingExceptions([&] { readFile(parser, file); });
      KJ_IF_MAYBE (exception, problem) {
        // What follows from errors that have been told says nothing more.
        if (reading_.errors.empty())
          fail("type-schema", reading_.shown(file.path) + ": " + exception->getDescription().cStr());
      }
    }
    if (!reading_.errors.empty()) return std::move(reading_.errors);
    return types_.words("project");
  }

 private:
  void readFile(capnp::SchemaParser& parser, const TypeFile& file) {
    KJ_IF_MAYBE (opened, openSchema(reading_, file.path)) {
      findTypes(parser.parseFile(kj::mv(*opened)));
    }
  }

  void findTypes(capnp::ParsedSchema schema) {
    const auto proto = schema.getProto();
    if (proto.isStruct()) {
      if (const auto name = typeNameOf(schema.asStruct()); !name.empty())
        takeType(std::string(name), schema.asStruct());
    }
    for (auto nested : schema.getAllNested()) findTypes(nested);
  }

  void takeType(const std::string& name, capnp::StructSchema schema) {
    if (const std::string problem = typeNameProblem(name); !problem.empty())
      return fail("type-schema", "\"" + name + "\" is no type's name: " + problem,
                  "write it like $Cairn.type(\"acme.Report\")");
    if (schema.getProto().getIsGeneric())
      return fail("type-schema", name + " is generic, and a type of values can't be",
                  "write a struct for each kind of value");
    const auto id = schema.getProto().getId();
    const auto [other, isNew] = names_.emplace(name, id);
    if (!isNew && other->second != id)
      return fail("type-conflict", "two structs of [types] are named " + name,
                  "give one of them another name");
    if (!types_.add(schema))
      return fail("type-schema", name + " holds a capability or an AnyPointer, which a value can't",
                  "values are plain data");
    for (const TakenType& other : taken_) {
      // The two are one type, or nothing to each other.
      if ((other.name == name) == (other.id == id)) continue;
      return failAgainst(other, name);
    }
  }

  void failAgainst(const TakenType& other, const std::string& name) {
    if (other.name == name) {
      fail(
          "type-conflict",
          "the struct " + name + " has a name that " + other.owner + " uses for another type",
          "name it after this project or its company, like \"acme." + name.substr(name.find('.') + 1) + "\"");
    } else {
      fail("type-conflict",
           "the struct " + name + " has the id of " + other.name + ", which " + other.owner + " brings",
           "`capnp id` makes a new id for its file, or for the struct if it says one itself");
    }
  }

  void fail(std::string code, std::string message, std::string hint = "") {
    reading_.fail(reading_.root->position, std::move(code), std::move(message), std::move(hint));
  }

  const std::vector<TakenType>& taken_;
  SchemaReading reading_;
  std::map<std::string, std::uint64_t> names_;
  TypeManifest types_;
};

}  // namespace

Result<std::vector<std::uint64_t>, Errors> compileTypes(const Project& project,
                                                        const std::vector<TakenType>& taken) {
  if (project.typeFiles.empty()) return std::vector<std::uint64_t>();
  return TypeCompiler(project, taken).compile();
}

}  // namespace cairn::host
