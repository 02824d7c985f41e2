// The parts of broker.h that call a plugin.

#include "host/broker/broker.h"

#include "host/broker/call_answer.h"
#include "host/broker/duration_text.h"
#include "host/broker/private_folder.h"

#include <utility>

namespace cairn::host {
namespace fs = std::filesystem;
namespace {

template <typename List>
void writeValues(const std::vector<Value>& values, List list) {
  for (std::size_t i = 0; i < values.size(); ++i) writeValue(values[i], list[i]);
}

}  // namespace

template <typename T>
kj::Promise<Result<T>> Broker::supervise(Process process, std::uint64_t callId, kj::Promise<Result<T>> answer,
                                         kj::Own<CallSession> session, std::string title, CallLimits limits) {
  auto& timer = io_.provider->getTimer();
  auto& plugin = *process;
  auto expired = std::make_shared<bool>(false);

  // Asks the call to end. Where that is ignored the process is killed, which ends the call with the reason.
  auto askToEnd = [this, &plugin, &timer, callId, title](std::string why) -> kj::Promise<Result<T>> {
    auto request = plugin.client().cancelRequest();
    request.setCallId(callId);
    auto asked = request.send().ignoreResult().catch_([](kj::Exception&&) {});
    return timer.afterDelay(options_.cancelGrace)
        .then([&plugin, why, title]() -> kj::Promise<Result<T>> {
          plugin.kill("the " + title + " went on after " + why);
          return kj::NEVER_DONE;
        })
        .attach(kj::mv(asked));
  };
  const std::string limit = durationText(limits.deadline);
  kj::Promise<Result<T>> late = timer.afterDelay(limits.deadline).then([askToEnd, expired, limit] {
    *expired = true;
    return askToEnd("its deadline of " + limit);
  });
  kj::Promise<Result<T>> cancelled = kj::NEVER_DONE;
  KJ_IF_MAYBE (cancel, limits.cancel) {
    cancelled = cancel->then([askToEnd] { return askToEnd("it was cancelled"); });
  }
  return plugin.guard<T>(kj::mv(answer), title)
      .exclusiveJoin(kj::mv(late))
      .exclusiveJoin(kj::mv(cancelled))
      .then([expired, title, limit, session = kj::mv(session)](Result<T> result) mutable -> Result<T> {
        session->end();
        if (!*expired)
          return result ? kj::mv(result) : Result<T>(session->orItsOwn(std::move(result).error()));
        if (result) return result;
        Error error = std::move(result).error();
        return Error{ErrorKind::Deadline, "call-deadline", "the " + title + " took longer than its " + limit,
                     "raise the stage's `timeout`",
                     error.message + (error.detail.empty() ? "" : "\n" + error.detail)};
      })
      .attach(kj::mv(process));
}

Result<fs::path> Broker::workFolder() {
  if (workFolder_.get() == nullptr) {
    removeAbandonedWorkFolders();
    workFolder_ = CAIRN_TRY(WorkFolder::make());
  }
  return workFolder_->path();
}

template <typename T, typename Request, typename Read>
kj::Promise<Result<T>> Broker::call(Process process, Request request, CallHost& host, CallScope scope,
                                    CallLimits limits, Read read) {
  auto folder = workFolder();
  if (!folder) return Result<T>(std::move(folder).error());
  const std::uint64_t callId = nextCall_++;
  const fs::path workDir = *folder / std::to_string(callId);
  scope.workDir = workDir;
  std::error_code failure;
  for (const auto& path : {scope.cacheDir, scope.dataDir}) {
    createPrivateFolders(path, failure);
    if (failure) {
      return Result<T>(Error{ErrorKind::Failed,
                             "folder-unwritable",
                             "can't make the folder " + path.string() + ": " + failure.message(),
                             {},
                             {}});
    }
  }
  std::string title = scope.title;
  auto session = kj::heap<CallSession>(host, std::move(scope), io_.provider->getTimer(), io_.unixEventPort);
  auto context = request.initCall();
  context.setCallId(callId);
  context.setDeadlineMs(static_cast<std::uint64_t>(limits.deadline / kj::MILLISECONDS));
  session->fill(context);
  return supervise<T>(kj::mv(process), callId, request.send().then(kj::mv(read)), kj::mv(session),
                      std::move(title), kj::mv(limits))
      .attach(kj::defer([workDir] {
        // It is there only if the plugin wanted one.
        std::error_code ignored;
        if (fs::exists(workDir, ignored)) fs::remove_all(workDir, ignored);
      }));
}

kj::Promise<Result<std::vector<Error>>> Broker::check(const LocatedPlugin& plugin, Invocation invocation,
                                                      std::vector<std::string> unknown, CallHost& host,
                                                      CallScope scope, CallLimits limits) {
  scope.cacheDir = cacheDirOf(plugin.bundle.name);
  scope.dataDir = dataDirOf(plugin.bundle.name);
  return processFor(plugin).then(
      [this, &host, invocation = std::move(invocation), unknown = std::move(unknown),
       scope = std::move(scope),
       limits = kj::mv(limits)](Result<Process> process) mutable -> kj::Promise<Result<std::vector<Error>>> {
        if (!process) return Result<std::vector<Error>>(std::move(process).error());
        auto request = (*process)->client().checkRequest();
        auto component = request.initComponent();
        component.setKind(invocation.kind);
        component.setName(invocation.component);
        writeValue(invocation.settings, request.initSettings());
        auto list = request.initUnknown(unknown.size());
        for (std::size_t i = 0; i < unknown.size(); ++i) list.set(i, unknown[i]);
        return call<std::vector<Error>>(
            kj::mv(*process), kj::mv(request), host, std::move(scope), kj::mv(limits),
            [](capnp::Response<wire::Plugin::CheckResults> response) -> Result<std::vector<Error>> {
              std::vector<Error> errors;
              for (auto diagnostic : response.getDiagnostics()) {
                if (diagnostic.getSeverity() == wire::Diagnostic::Severity::ERROR) {
                  errors.push_back(readDiagnostic(diagnostic));
                }
              }
              return errors;
            });
      });
}

kj::Promise<Result<CallAnswer>> Broker::run(const LocatedPlugin& plugin, Invocation invocation,
                                            CallHost& host, CallScope scope, CallLimits limits) {
  scope.cacheDir = cacheDirOf(plugin.bundle.name);
  scope.dataDir = dataDirOf(plugin.bundle.name);
  scope.mayStartServices = plugin.manifest->reader().getNeeds().getServices();
  auto asked = askedOf(plugin, invocation, scope.title);
  return processFor(plugin).then(
      [this, &host, asked = std::move(asked), invocation = std::move(invocation), scope = std::move(scope),
       limits = kj::mv(limits)](Result<Process> process) mutable -> kj::Promise<Result<CallAnswer>> {
        if (!process) return Result<CallAnswer>(std::move(process).error());
        auto& client = (*process)->client();
        if (!invocation.mapper.empty()) {
          auto request = client.mapRequest();
          request.setMapper(invocation.mapper);
          writeValue(invocation.settings, request.initSettings());
          writeValues(invocation.inputs, request.initInputs(invocation.inputs.size()));
          return call<CallAnswer>(kj::mv(*process), kj::mv(request), host, std::move(scope), kj::mv(limits),
                                  [asked](capnp::Response<wire::Plugin::MapResults> response) {
                                    return readOutcome(response.getOutcome(), asked);
                                  });
        }
        auto request = client.runRequest();
        auto component = request.initComponent();
        component.setKind(invocation.kind);
        component.setName(invocation.component);
        request.setOperation(invocation.operation);
        writeValue(invocation.settings, request.initSettings());
        writeValues(invocation.inputs, request.initInputs(invocation.inputs.size()));
        return call<CallAnswer>(kj::mv(*process), kj::mv(request), host, std::move(scope), kj::mv(limits),
                                [asked](capnp::Response<wire::Plugin::RunResults> response) {
                                  return readOutcome(response.getOutcome(), asked);
                                });
      });
}

}  // namespace cairn::host
