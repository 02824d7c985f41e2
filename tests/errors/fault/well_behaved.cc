#include "tests/errors/fault/well_behaved.h"

#include "tests/errors/fault/fault.capnp.h"

#include <cairn/types.capnp.h>

#include <chrono>
#include <filesystem>
#include <fstream>

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

bool tellsOwnSecret() {
  return theFault == "tells-a-secret-of-its-own" || theFault == "fails-a-destroy-of-its-secret";
}

// What a deploy makes and tells nobody of but by its answer.
std::filesystem::path unjournaled(const Call& call) {
  return call.dataDir() / "unjournaled";
}

Result<Owned<Deployment>> deploy(const Call& call, Thing::Reader thing, Settings::Reader settings) {
  if (theFault == "names-a-secret") CAIRN_TRY(call.intend("thing", settings.getText().cStr()));
  CAIRN_TRY(commit(call));
  Owned<Deployment> deployment;
  deployment->setText(tellsOwnSecret() ? settings.getText() : thing.getText());
  deployment->setUrl("fault://here");
  if (theFault == "tells-a-secret-of-its-own") std::ofstream(unjournaled(call));
  return deployment;
}

Result<void> destroy(const Call& call, Deployment::Reader deployment, Settings::Reader) {
  if (theFault == "tells-of-destroy" || theFault == "never-ends-a-destroy")
    call.log(LogLevel::Warn, "removing " + std::string(deployment.getText()));
  if (theFault == "never-ends-a-destroy") {
    while (!call.sleep(std::chrono::hours(1))) {
    }
    return call.cancelledError();
  }
  if (theFault == "fails-a-destroy-of-its-secret")
    return Error{ErrorKind::Failed, "fault/not-destroyed", "it won't go", {}, {}};
  // Only what it answered to the deploy leads to it.
  if (deployment.getText().size() > 0) std::filesystem::remove(unjournaled(call));
  return {};
}

Result<Owned<wire::Status>> status(const Call&, Deployment::Reader) {
  Owned<wire::Status> status;
  return status;
}

Result<Owned<Release>> release(const Call&, Deployment::Reader deployment, Settings::Reader settings) {
  Owned<Release> release;
  release->setUrl(tellsOwnSecret() ? settings.getText() : deployment.getUrl());
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
