#include "host/broker/call_services.h"

#include "host/broker/service_starter.h"

namespace cairn::host {
namespace {

using Shared = CallSession::Shared;

class ServicesServer final : public wire::Services::Server {
 public:
  explicit ServicesServer(kj::Own<Shared> shared) : shared_(kj::mv(shared)) {}

 protected:
  kj::Promise<void> start(StartContext context) override {
    std::string name = context.getParams().getName();
    return shared_->intend("service", name).then([this, context](Result<std::uint64_t> intended) mutable {
      const std::uint64_t handle = shared_->orThrow(kj::mv(intended));
      auto params = context.getParams();
      ServiceLaunch launch;
      launch.marker = markerOf(shared_->recordId(), params.getName());
      for (auto argument : params.getArgv()) launch.argv.emplace_back(argument.cStr());
      for (auto entry : params.getEnv()) launch.environment.emplace_back(entry.getName(), entry.getValue());
      launch.input.assign(params.getInput().asChars().begin(), params.getInput().size());
      launch.output = outputOf(params.getName());
      auto identity = shared_->orThrow(startService(launch));
      answer(context.getResults().initService(), params.getName(), identity, handle);
      return shared_->created(handle, std::to_string(identity.pid), identity.text())
          .then([this](Result<void> done) { shared_->orThrow(kj::mv(done)); });
    });
  }
  kj::Promise<void> find(FindContext context) override {
    return lookUp(context.getParams().getName()).then([this, context](kj::Maybe<Found> found) mutable {
      KJ_IF_MAYBE (service, found) {
        answer(context.getResults().initService(), context.getParams().getName(), service->identity,
               service->handle);
        context.getResults().setRunning(isRunning(service->identity));
      }
    });
  }
  kj::Promise<void> stop(StopContext context) override {
    return lookUp(context.getParams().getName())
        .then([this, context](kj::Maybe<Found> found) mutable -> kj::Promise<void> {
          KJ_IF_MAYBE (service, found) {
            auto grace = context.getParams().getGraceMs() * kj::MILLISECONDS;
            return stopService(service->identity, grace, shared_->timer, shared_->port)
                .then([this, context, handle = service->handle](bool wasRunning) mutable {
                  context.getResults().setWasRunning(wasRunning);
                  return shared_->removed(handle);
                })
                .then([this](Result<void> done) { shared_->orThrow(kj::mv(done)); });
          }
          return kj::READY_NOW;
        });
  }

 private:
  struct Found {
    ServiceIdentity identity;
    std::uint64_t handle;
  };

  // Of the record that starts it: nobody else's service, in this state or another one, has the same.
  static std::string markerOf(const std::string& recordId, kj::StringPtr name) {
    return recordId + "/" + name.cStr();
  }
  std::filesystem::path outputOf(kj::StringPtr name) {
    return shared_->scope.dataDir / "services" / (std::string(name) + ".log");
  }

  // The newest journaled service of this name that runs; else the newest journaled one.
  kj::Promise<kj::Maybe<Found>> lookUp(kj::StringPtr name) {
    return shared_->resources().then(
        [this, wanted = std::string(name)](Result<std::vector<JournalEntry>> entries) {
          kj::Maybe<Found> best;
          for (const auto& entry : shared_->orThrow(kj::mv(entries))) {
            if (entry.kind != "service" || entry.name != wanted) continue;
            auto identity = ServiceIdentity::parse(entry.state);
            // Intended only: the reply was lost, so that the process itself must tell.
            if (!identity) identity = findService(markerOf(entry.recordId, wanted));
            Found found{identity.value_or(ServiceIdentity{}), entry.handle};
            best = found;
            if (isRunning(found.identity)) break;
          }
          return best;
        });
  }

  void answer(wire::Service::Builder service, kj::StringPtr name, const ServiceIdentity& identity,
              std::uint64_t handle) {
    service.setName(name);
    service.setPid(identity.pid);
    service.setStartTime(identity.startTime);
    service.setOutputPath(outputOf(name).string());
    service.setResource(handle);
  }

  kj::Own<Shared> shared_;
};

}  // namespace

wire::Services::Client makeServices(kj::Own<CallSession::Shared> shared) {
  return kj::heap<ServicesServer>(kj::mv(shared));
}

}  // namespace cairn::host
