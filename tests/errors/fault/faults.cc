#include "tests/errors/fault/faults.h"

#include "tests/errors/fault/fault.capnp.h"

#include <cairn/types.capnp.h>

#include <capnp/schema.h>
#include <kj/debug.h>

#include <map>

namespace cairn::fault {
namespace {

using Manifest = wire::Manifest;
using Op = Manifest::Operation::Name;

Manifest::Component::Builder component(Manifest::Builder manifest, Manifest::Component::Kind kind) {
  for (auto one : manifest.getComponents()) {
    if (one.getKind() == kind) return one;
  }
  KJ_FAIL_REQUIRE("the fault plugin has no such component", kind);
}

Manifest::Operation::Builder operation(Manifest::Component::Builder component, Op name) {
  for (auto one : component.getOperations()) {
    if (one.getName() == name) return one;
  }
  KJ_FAIL_REQUIRE("the fault plugin has no such operation", name);
}

void dropOperation(Manifest::Component::Builder component, Op name) {
  auto all = component.disownOperations();
  auto kept = component.initOperations(all.get().size() - 1);
  unsigned at = 0;
  for (auto one : all.getReader()) {
    if (one.getName() != name) kept.setWithCaveats(at++, one);
  }
}

void dropComponent(Manifest::Builder manifest, Manifest::Component::Kind kind) {
  auto all = manifest.disownComponents();
  auto kept = manifest.initComponents(all.get().size() - 1);
  unsigned at = 0;
  for (auto one : all.getReader()) {
    if (one.getKind() != kind) kept.setWithCaveats(at++, one);
  }
}

void dropNode(Manifest::Builder manifest, std::uint64_t id) {
  auto all = manifest.disownSchemaNodes();
  auto kept = manifest.initSchemaNodes(all.get().size() - 1);
  unsigned at = 0;
  for (auto one : all.getReader()) {
    if (one.getId() != id) kept.setWithCaveats(at++, one);
  }
}

// Adds the node of T to the manifest, and answers it for what is to be made of it.
capnp::schema::Node::Builder addNode(Manifest::Builder manifest, capnp::Schema schema) {
  auto all = manifest.disownSchemaNodes();
  const unsigned size = all.get().size();
  auto more = manifest.initSchemaNodes(size + 1);
  for (unsigned i = 0; i < size; ++i) more.setWithCaveats(i, all.getReader()[i]);
  more.setWithCaveats(size, schema.getProto());
  return more[size];
}

void setBuildersSettings(Manifest::Builder manifest, capnp::Schema schema) {
  addNode(manifest, schema);
  component(manifest, Manifest::Component::Kind::BUILDER).setSettingsType(schema.getProto().getId());
}

using Kind = Manifest::Component::Kind;

const std::map<std::string, void (*)(Manifest::Builder)> kManifestFaults = {
    {"no-name", [](Manifest::Builder manifest) { manifest.setName(""); }},
    {"mapper-twice",
     [](Manifest::Builder manifest) {
       manifest.getMappers()[1].setName(manifest.getMappers()[0].getName());
     }},
    {"mapper-of-nothing", [](Manifest::Builder manifest) { manifest.getMappers()[0].initInputs(0); }},
    {"mapper-too-dear", [](Manifest::Builder manifest) { manifest.getMappers()[0].setCost(4'000'000); }},
    {"mapper-of-unknown-effects",
     [](Manifest::Builder manifest) {
       manifest.getMappers()[0].setEffects(static_cast<cairn::wire::Manifest::Mapper::Effects>(256));
     }},
    {"type-of-another-id",
     [](Manifest::Builder manifest) { manifest.getTypes()[0].setId(0xfedcba9876543210); }},
    {"type-of-another-name",
     [](Manifest::Builder manifest) { manifest.getTypes()[0].setName("fault.Renamed"); }},
    {"no-build",
     [](Manifest::Builder manifest) { dropOperation(component(manifest, Kind::BUILDER), Op::BUILD); }},
    {"no-destroy",
     [](Manifest::Builder manifest) { dropOperation(component(manifest, Kind::PLATFORM), Op::DESTROY); }},
    {"no-releaser", [](Manifest::Builder manifest) { dropComponent(manifest, Kind::RELEASER); }},
    {"deploy-takes-other",
     [](Manifest::Builder manifest) {
       operation(component(manifest, Kind::PLATFORM), Op::DEPLOY)
           .getInputs()[0]
           .setType(capnp::typeId<Other>());
     }},
    {"destroy-takes-other",
     [](Manifest::Builder manifest) {
       operation(component(manifest, Kind::PLATFORM), Op::DESTROY)
           .getInputs()[0]
           .setType(capnp::typeId<Other>());
     }},
    {"status-of-its-own-making",
     [](Manifest::Builder manifest) { dropNode(manifest, capnp::typeId<wire::Status>()); }},
    {"promises-a-builder",
     [](Manifest::Builder manifest) { component(manifest, Kind::BUILDER).setName("promised"); }},
    {"settings-reserved",
     [](Manifest::Builder manifest) {
       setBuildersSettings(manifest, capnp::Schema::from<ReservedSettings>());
     }},
    {"settings-unfit",
     [](Manifest::Builder manifest) { setBuildersSettings(manifest, capnp::Schema::from<UnfitSettings>()); }},
    {"settings-an-enum",
     [](Manifest::Builder manifest) { setBuildersSettings(manifest, capnp::Schema::from<Colour>()); }},
    {"settings-unknown",
     [](Manifest::Builder manifest) { component(manifest, Kind::BUILDER).setSettingsType(4711); }},
    {"settings-broken",
     [](Manifest::Builder manifest) {
       auto node = addNode(manifest, capnp::Schema::from<UnfitSettings>());
       node.getStruct().getFields()[0].setCodeOrder(7);
       component(manifest, Kind::BUILDER).setSettingsType(node.getId());
     }},
};

const std::map<std::string, void (*)(wire::PluginInfo::Builder)> kHelloFaults = {
    {"protocol-of-tomorrow",
     [](wire::PluginInfo::Builder info) { info.initProtocolMajors(1).set(0, wire::PROTOCOL_MAJOR + 1); }},
    {"no-protocol", [](wire::PluginInfo::Builder info) { info.initProtocolMajors(0); }},
    {"another-manifest",
     [](wire::PluginInfo::Builder info) { info.setManifestDigest(kj::StringPtr("another").asBytes()); }},
};

// A struct where the first text is declared.
void putAStructAsText(wire::Outcome::Builder outcome) {
  const std::uint64_t words[] = {std::uint64_t{1} << 48, std::uint64_t{1} << 32, 7};
  outcome.getOk().setContent(kj::arrayPtr(words, 3).asBytes());
}

const std::map<std::string, void (*)(wire::Outcome::Builder)> kOutcomeFaults = {
    {"value-of-three-bytes",
     [](wire::Outcome::Builder outcome) { outcome.getOk().setContent(kj::StringPtr("abc").asBytes()); }},
    {"value-of-noise",
     [](wire::Outcome::Builder outcome) {
       outcome.getOk().setContent(kj::StringPtr("This is a text, and no struct...").asBytes());
     }},
    {"value-of-a-struct-as-text", putAStructAsText},
    {"status-of-its-own-making", putAStructAsText},
    {"value-of-another-type",
     [](wire::Outcome::Builder outcome) {
       outcome.getOk().setTypeId(capnp::typeId<Other>());
       outcome.getOk().setTypeName("fault.Other");
     }},
    {"deployment-of-another-type",
     [](wire::Outcome::Builder outcome) {
       if (outcome.getOk().getTypeId() != capnp::typeId<Deployment>()) return;
       outcome.getOk().setTypeId(capnp::typeId<Other>());
       outcome.getOk().setTypeName("fault.Other");
     }},
    {"fails-without-reason", [](wire::Outcome::Builder outcome) { outcome.setFailed(); }},
    {"refuses-without-reason", [](wire::Outcome::Builder outcome) { outcome.setRefused(); }},
};

template <typename Builder>
void tamper(const std::map<std::string, void (*)(Builder)>& faults, const std::string& fault, Builder what) {
  if (auto found = faults.find(fault); found != faults.end()) found->second(what);
}

}  // namespace

void tamperManifest(const std::string& fault, wire::Manifest::Builder manifest) {
  tamper(kManifestFaults, fault, manifest);
}
void tamperHello(const std::string& fault, wire::PluginInfo::Builder info) {
  tamper(kHelloFaults, fault, info);
}
void tamperOutcome(const std::string& fault, wire::Outcome::Builder outcome) {
  tamper(kOutcomeFaults, fault, outcome);
}

}  // namespace cairn::fault
