#include <cairn/dynamic/schema_set.h>

#include <kj/exception.h>
#include <kj/string.h>

namespace cairn {
namespace {

constexpr std::uint64_t kType = 0xde172b88825a8653;  // $Cairn.type

std::string_view typeNameIn(capnp::schema::Node::Reader node) {
  for (auto annotation : node.getAnnotations()) {
    if (annotation.getId() != kType) continue;
    auto text = annotation.getValue().getText();
    return {text.begin(), text.size()};
  }
  return {};
}

std::string idText(std::uint64_t id) {
  return "@0x" + std::string(kj::str(kj::hex(id)).cStr());
}

Error schemaError(std::string code, std::string message) {
  return {.kind = ErrorKind::Internal,
          .code = std::move(code),
          .message = std::move(message),
          .hint = "the plugin's manifest is faulty: report it to the plugin's author"};
}

}  // namespace

SchemaSet::SchemaSet(capnp::List<capnp::schema::Node>::Reader nodes) {
  for (auto node : nodes) {
    auto failure = kj::runCatchingExceptions([&] { loader_.load(node); });
    KJ_IF_MAYBE (exception, failure) {
      broken_[node.getId()] = exception->getDescription().cStr();
      continue;
    }
    if (auto name = typeNameIn(node); !name.empty()) names_.emplace(name, node.getId());
  }
}

Result<capnp::StructSchema> SchemaSet::get(std::uint64_t id) const {
  if (auto broken = broken_.find(id); broken != broken_.end()) {
    return schemaError("schema-broken", "the schema " + idText(id) + " is broken: " + broken->second);
  }
  KJ_IF_MAYBE (schema, loader_.tryGet(id)) {
    if (schema->getProto().isStruct()) return schema->asStruct();
    return schemaError("schema-not-a-struct", "the schema " + idText(id) + " is not a struct's");
  }
  return schemaError("schema-unknown", "there is no schema " + idText(id) + " in the manifest");
}

Result<capnp::StructSchema> SchemaSet::find(std::string_view typeName) const {
  auto found = names_.find(typeName);
  if (found != names_.end()) return get(found->second);
  return schemaError("schema-unknown", "there is no type " + std::string(typeName) + " in the manifest");
}

std::vector<std::string> SchemaSet::typeNames() const {
  std::vector<std::string> names;
  for (auto& [name, id] : names_) names.push_back(name);
  return names;
}

std::string_view typeNameOf(capnp::StructSchema schema) {
  return typeNameIn(schema.getProto());
}

}  // namespace cairn
