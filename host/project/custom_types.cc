#include "host/project/custom_types.h"

#include "host/project/mapper_types_walk.h"
#include "host/project/schema_files.h"

#include <cairn/dynamic/digest.h>
#include <cairn/dynamic/schema_set.h>
#include <cairn/manifest.capnp.h>

#include <capnp/message.h>
#include <kj/exception.h>

#include <cstring>
#include <map>

namespace cairn::host {
namespace {

constexpr std::uint64_t kDoc = 0x8d2e0b12c4d47430, kHostLocal = 0xedf12857d1720484;

using Nodes = std::map<std::uint64_t, capnp::Schema>;

// The struct and all structs and enums that its fields use. False where one is of a kind that no value has.
bool collect(capnp::Type type, Nodes& nodes) {
  while (type.isList()) type = type.asList().getElementType();
  if (type.isInterface() || type.isAnyPointer()) return false;
  if (type.isEnum()) nodes.emplace(type.asEnum().getProto().getId(), type.asEnum());
  if (!type.isStruct()) return true;
  const auto schema = type.asStruct();
  if (!nodes.emplace(schema.getProto().getId(), schema).second) return true;
  bool good = true;
  for (auto field : schema.getFields()) good = collect(field.getType(), nodes) && good;
  return good;
}

Digest digestOf(capnp::StructSchema schema) {
  Nodes needed;
  collect(schema, needed);
  Sha256 digest;
  for (auto& [id, node] : needed) {
    auto words = capnp::canonicalize(node.getProto());
    digest.add(words.asBytes().begin(), words.asBytes().size());
  }
  return digest.finish();
}

class TypeCompiler {
 public:
  explicit TypeCompiler(const Project& project) : reading_{project} {}

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
    return manifest();
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
    if (!collect(schema, nodes_))
      return fail("type-schema", name + " holds a capability or an AnyPointer, which a value can't",
                  "values are plain data");
    types_.emplace(id, schema);
  }

  void fail(std::string code, std::string message, std::string hint = "") {
    reading_.fail(reading_.root->position, std::move(code), std::move(message), std::move(hint));
  }

  std::vector<std::uint64_t> manifest() const {
    capnp::MallocMessageBuilder message;
    auto out = message.initRoot<wire::Manifest>();
    out.setName("project");
    out.setVersion("0");
    auto nodes = out.initSchemaNodes(static_cast<unsigned>(nodes_.size()));
    unsigned next = 0;
    for (const auto& [id, schema] : nodes_) nodes.setWithCaveats(next++, schema.getProto());
    auto types = out.initTypes(static_cast<unsigned>(types_.size()));
    next = 0;
    for (const auto& [id, schema] : types_) writeType(schema, types[next++]);
    const auto words = capnp::canonicalize(out.asReader());
    std::vector<std::uint64_t> copy(words.size());
    std::memcpy(copy.data(), words.begin(), words.size() * sizeof(std::uint64_t));
    return copy;
  }

  static void writeType(capnp::StructSchema schema, wire::Manifest::Type::Builder out) {
    const auto name = typeNameOf(schema);
    const Digest digest = digestOf(schema);
    out.setId(schema.getProto().getId());
    out.setName(std::string(name).c_str());
    out.setDigest(kj::arrayPtr(digest.data(), digest.size()));
    for (auto annotation : schema.getProto().getAnnotations()) {
      if (annotation.getId() == kDoc) out.setDoc(annotation.getValue().getText());
      if (annotation.getId() == kHostLocal) out.setHostLocal(true);
    }
  }

  SchemaReading reading_;
  std::map<std::string, std::uint64_t> names_;
  Nodes nodes_;
  std::map<std::uint64_t, capnp::StructSchema> types_;
};

}  // namespace

Result<std::vector<std::uint64_t>, Errors> compileTypes(const Project& project) {
  if (project.typeFiles.empty()) return std::vector<std::uint64_t>();
  return TypeCompiler(project).compile();
}

}  // namespace cairn::host
