#include "tests/errors/fault/well_behaved.h"

#include "tests/errors/fault/fault.capnp.h"

#include <cairn/types.capnp.h>

namespace cairn::fault {
namespace {

// Set once, before any call.
std::string theFault;

Result<Owned<Thing>> build(const Call& call, Settings::Reader settings) {
  Owned<Thing> thing;
  if (theFault == "asks-for-a-secret") {
    const auto secret = CAIRN_TRY(call.secret("key"));
    call.log(LogLevel::Warn, secret ? "the key was found" : "no key was found");
  }
  thing->setText(settings.getText());
  return thing;
}

Result<void> commit(const Call& call) {
  if (theFault == "starts-relative-program") CAIRN_TRY(call.startService({"app", {"app"}, {}, {}}));
  if (theFault == "starts-missing-program")
    CAIRN_TRY(call.startService({"app", {"/no/such/program"}, {}, {}}));
  if (theFault == "starts-undeclared-service") CAIRN_TRY(call.startService({"app", {"/bin/true"}, {}, {}}));
  if (theFault == "removes-unknown-resource")
    CAIRN_TRY(call.removed(Resource{4711, "thing", "none", {}, {}}));
  return {};
}

Result<Owned<Deployment>> deploy(const Call& call, Thing::Reader thing, Settings::Reader settings) {
  if (theFault == "names-a-secret") CAIRN_TRY(call.intend("thing", settings.getText().cStr()));
  CAIRN_TRY(commit(call));
  Owned<Deployment> deployment;
  deployment->setText(thing.getText());
  deployment->setUrl("fault://here");
  return deployment;
}

Result<void> destroy(const Call& call, Deployment::Reader deployment, Settings::Reader) {
  if (theFault == "tells-of-destroy")
    call.log(LogLevel::Warn, "removing " + std::string(deployment.getText()));
  return {};
}

Result<Owned<wire::Status>> status(const Call&, Deployment::Reader) {
  Owned<wire::Status> status;
  return status;
}

Result<Owned<Release>> release(const Call&, Deployment::Reader deployment, Settings::Reader) {
  Owned<Release> release;
  release->setUrl(deployment.getUrl());
  return release;
}

Result<void> close(const Call&, Release::Reader, Settings::Reader) {
  return {};
}

Result<Owned<Thing>> thingFromOther(const Call&, Other::Reader other) {
  Owned<Thing> thing;
  thing->setText(other.getText());
  return thing;
}

Result<Owned<Other>> otherFromThing(const Call&, Thing::Reader thing) {
  Owned<Other> other;
  other->setText(thing.getText());
  return other;
}

}  // namespace

Plugin wellBehaved(const std::string& name, const std::string& fault) {
  theFault = fault;
  Plugin plugin(name);
  plugin.version("1.0.0").description("Breaks its contract");
  plugin.builder(build).named("thing");
  plugin.platform(deploy, destroy, status).named("thing");
  plugin.releaser(release, close).named("thing");
  plugin.mapper(thingFromOther);
  plugin.mapper(otherFromThing);
  if (fault == "starts-relative-program" || fault == "starts-missing-program") plugin.needsServices();
  return plugin;
}

}  // namespace cairn::fault
