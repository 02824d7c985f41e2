#include "sdk/src/manifest.h"

#include "sdk/src/schema_nodes.h"

#include <cairn/plugin.capnp.h>

#include <capnp/message.h>

namespace cairn::detail {
namespace {

class Assembly {
 public:
  explicit Assembly(const Plugin::Definition& definition) : definition_(definition) {
    for (auto& component : definition.components) {
      for (auto& operation : component.operations) use(operation.function);
      if (auto settings = component.settings()) nodes_.add(*settings);
    }
    for (auto& mapper : definition.mappers) use(mapper.function);
    for (auto type : definition.types) useType(type);
  }

  void write(wire::Manifest::Builder out, std::map<std::uint64_t, Digest>& typeDigests) {
    out.setName(definition_.name);
    out.setVersion(definition_.version);
    out.setDescription(definition_.description);
    out.initProtocolMajors(1).set(0, wire::PROTOCOL_MAJOR);
    writeNodes(out.initSchemaNodes(nodes_.all().size()));
    writeTypes(out.initTypes(types_.size()), typeDigests);
    auto components = out.initComponents(definition_.components.size());
    for (std::size_t i = 0; i < definition_.components.size(); ++i)
      write(definition_.components[i], components[i]);
    auto mappers = out.initMappers(definition_.mappers.size());
    for (std::size_t i = 0; i < definition_.mappers.size(); ++i) write(definition_.mappers[i], mappers[i]);
    auto needs = out.initNeeds();
    needs.setServices(definition_.needsServices);
    auto environment = needs.initEnvironment(definition_.environment.size());
    for (std::size_t i = 0; i < definition_.environment.size(); ++i)
      environment.set(i, definition_.environment[i]);
  }

 private:
  void use(const Function& function) {
    for (auto input : function.inputs) useType(input);
    if (function.output) useType(*function.output);
    if (function.settings) nodes_.add(*function.settings);
  }
  void useType(capnp::StructSchema type) {
    CAIRN_ASSERT(isValueType(type));
    if (types_.emplace(type.getProto().getId(), type).second) nodes_.add(type);
  }

  void writeNodes(capnp::List<capnp::schema::Node>::Builder out) {
    unsigned index = 0;
    for (auto& [id, schema] : nodes_.all()) out.setWithCaveats(index++, schema.getProto());
  }
  void writeTypes(capnp::List<wire::Manifest::Type>::Builder out,
                  std::map<std::uint64_t, Digest>& typeDigests) {
    unsigned index = 0;
    for (auto& [id, schema] : types_) {
      auto type = out[index++];
      auto name = typeName(schema);
      auto& digest = typeDigests[id] = nodes_.digest(schema);
      type.setId(id);
      type.setName(kj::StringPtr(name.data(), name.size()));
      type.setDoc(docText(schema));
      type.setHostLocal(isHostLocal(schema));
      type.setDigest(kj::arrayPtr(digest.data(), digest.size()));
    }
  }
  static kj::StringPtr docText(capnp::StructSchema schema) {
    constexpr std::uint64_t kDoc = 0x8d2e0b12c4d47430;  // $Cairn.doc
    for (auto annotation : schema.getProto().getAnnotations()) {
      if (annotation.getId() == kDoc) return annotation.getValue().getText();
    }
    return "";
  }

  static void writeInputs(const Function& function, capnp::List<wire::Manifest::Input>::Builder out) {
    for (std::size_t i = 0; i < function.inputs.size(); ++i)
      out[i].setType(function.inputs[i].getProto().getId());
  }
  static std::uint64_t idOf(const std::optional<capnp::StructSchema>& schema) {
    return schema ? schema->getProto().getId() : 0;
  }
  static void write(const Plugin::Definition::Component& component, wire::Manifest::Component::Builder out) {
    out.setKind(component.kind);
    out.setName(component.name);
    out.setDoc(component.doc);
    out.setSettingsType(idOf(component.settings()));
    out.setChecks(component.check.has_value());
    out.setDefaultReleaser(component.defaultReleaser);
    auto operations = out.initOperations(component.operations.size());
    for (std::size_t i = 0; i < component.operations.size(); ++i) {
      auto& function = component.operations[i].function;
      operations[i].setName(component.operations[i].name);
      operations[i].setOutput(idOf(function.output));
      writeInputs(function, operations[i].initInputs(function.inputs.size()));
    }
  }
  static void write(const Plugin::Definition::Mapper& mapper, wire::Manifest::Mapper::Builder out) {
    out.setName(mapper.name);
    out.setDoc(mapper.doc);
    out.setOutput(idOf(mapper.function.output));
    out.setCost(mapper.cost);
    out.setLossy(mapper.lossy);
    out.setEffects(mapper.effects);
    out.setSettingsType(idOf(mapper.function.settings));
    writeInputs(mapper.function, out.initInputs(mapper.function.inputs.size()));
  }

  const Plugin::Definition& definition_;
  SchemaNodes nodes_;
  std::map<std::uint64_t, capnp::StructSchema> types_;
};

}  // namespace

BuiltManifest::BuiltManifest(const Plugin::Definition& definition) {
  capnp::MallocMessageBuilder message(4096);
  auto manifest = message.initRoot<wire::Manifest>();
  Assembly(definition).write(manifest, typeDigests_);
  words_ = capnp::canonicalize(manifest.asReader());
  segment_ = words_;
  message_ = std::make_unique<capnp::SegmentArrayMessageReader>(kj::arrayPtr(&segment_, 1));
  manifest_ = message_->getRoot<wire::Manifest>();
  digest_ = sha256(words_.asBytes().begin(), words_.asBytes().size());
}

void BuiltManifest::describe(capnp::StructSchema type, wire::Value::Builder value) const {
  auto name = typeName(type);
  auto& digest = typeDigests_.at(type.getProto().getId());
  value.setTypeId(type.getProto().getId());
  value.setTypeName(kj::StringPtr(name.data(), name.size()));
  value.setSchemaDigest(kj::arrayPtr(digest.data(), digest.size()));
  value.setLocality(isHostLocal(type) ? wire::Locality::HOST : wire::Locality::ANYWHERE);
}

}  // namespace cairn::detail
