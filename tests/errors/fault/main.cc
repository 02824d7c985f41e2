// A plugin that breaks its contract in one way: the one that the file `fault` beside it names.
//
// Its name is that of its program, so that copies of it are plugins of their own. What the SDK refuses to
// send is put into the messages of the SDK's server on their way out.

#include "sdk/src/manifest.h"
#include "sdk/src/plugin_server.h"
#include "tests/errors/fault/faults.h"
#include "tests/errors/fault/well_behaved.h"

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace cairn::fault {
namespace {

namespace fs = std::filesystem;

// Beside the bundle stands what changes the plugin and not its bundle.
std::string faultOf(const fs::path& bundle) {
  std::ifstream inside(bundle / "fault"), outside(bundle.string() + ".fault");
  std::string fault;
  std::getline(inside ? inside : outside, fault);
  return fault;
}

class FaultyServer final : public wire::Plugin::Server {
 public:
  FaultyServer(wire::Plugin::Client good, std::string fault, wire::Manifest::Reader manifest)
      : good_(kj::mv(good)), fault_(std::move(fault)) {
    message_.setRoot(manifest);
    tamperManifest(fault_, message_.getRoot<wire::Manifest>());
    auto canonical = capnp::canonicalize(message_.getRoot<wire::Manifest>().asReader());
    digest_ = sha256(canonical.asBytes().begin(), canonical.asBytes().size());
  }

 protected:
  kj::Promise<void> hello(HelloContext context) override {
    auto request = good_.helloRequest();
    request.setHost(context.getParams().getHost());
    return request.send().then([this, context](capnp::Response<wire::Plugin::HelloResults> response) mutable {
      context.getResults().setPlugin(response.getPlugin());
      auto info = context.getResults().getPlugin();
      info.setManifestDigest(kj::arrayPtr(digest_.data(), digest_.size()));
      tamperHello(fault_, info);
    });
  }

  kj::Promise<void> manifest(ManifestContext context) override {
    if (fault_ == "silent-manifest") return kj::NEVER_DONE;
    context.getResults().setManifest(message_.getRoot<wire::Manifest>().asReader());
    return kj::READY_NOW;
  }

  kj::Promise<void> run(RunContext context) override {
    if (fault_ == "throws-as-a-channel-would")
      return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__, kj::str("layer 3 is too large"));
    if (fault_ == "loses-what-it-talks-to")
      return kj::Exception(kj::Exception::Type::DISCONNECTED, __FILE__, __LINE__,
                           kj::str("the cloud hung up"));
    auto params = context.getParams();
    auto request = good_.runRequest();
    request.setComponent(params.getComponent());
    request.setOperation(params.getOperation());
    request.setSettings(params.getSettings());
    request.setInputs(params.getInputs());
    request.setCall(params.getCall());
    return request.send().then([this, context](capnp::Response<wire::Plugin::RunResults> response) mutable {
      context.getResults().setOutcome(response.getOutcome());
      tamperOutcome(fault_, context.getResults().getOutcome());
    });
  }

  kj::Promise<void> map(MapContext context) override {
    auto params = context.getParams();
    auto request = good_.mapRequest();
    request.setMapper(params.getMapper());
    request.setSettings(params.getSettings());
    request.setInputs(params.getInputs());
    request.setCall(params.getCall());
    return request.send().then([this, context](capnp::Response<wire::Plugin::MapResults> response) mutable {
      context.getResults().setOutcome(response.getOutcome());
      tamperOutcome(fault_, context.getResults().getOutcome());
    });
  }

  kj::Promise<void> cancel(CancelContext context) override {
    auto request = good_.cancelRequest();
    request.setCallId(context.getParams().getCallId());
    return context.tailCall(kj::mv(request));
  }

 private:
  wire::Plugin::Client good_;
  std::string fault_;
  capnp::MallocMessageBuilder message_;
  Digest digest_;
};

void serve() {
  const fs::path program = fs::read_symlink("/proc/self/exe");
  const std::string fault = faultOf(program.parent_path());
  const std::string prefix = "cairn-plugin-";
  const Plugin plugin = wellBehaved(program.filename().string().substr(prefix.size()), fault);
  const detail::BuiltManifest manifest(plugin.definition());

  auto io = kj::setupAsyncIo();
  auto stream = io.lowLevelProvider->wrapUnixSocketFd(3, kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP);
  detail::WorkerPool workers;
  wire::Plugin::Client good(
      kj::heap<detail::PluginServer>(plugin.definition(), program.parent_path(), workers));
  wire::Plugin::Client faulty(kj::heap<FaultyServer>(kj::mv(good), fault, manifest.reader()));
  capnp::TwoPartyVatNetwork network(*stream, 1, capnp::rpc::twoparty::Side::SERVER);
  auto rpc = capnp::makeRpcServer(network, kj::mv(faulty));
  network.onDisconnect().wait(io.waitScope);
  ::_exit(0);
}

}  // namespace
}  // namespace cairn::fault

int main() {
  cairn::fault::serve();
}
