#include "sdk/src/plugin_server.h"

#include <cairn/detail/diagnostic.h>

#include <kj/debug.h>

#include <cstdio>
#include <exception>

namespace cairn::detail {
namespace {

constexpr char kSdkName[] = "cairn-cxx 0.1.0";

// A value's bytes are read where they lie in the host's message.
Words wordsOf(wire::Value::Reader value) {
  auto bytes = value.getContent();
  KJ_REQUIRE(bytes.size() % sizeof(capnp::word) == 0, "a value's content is not whole words", bytes.size());
  return kj::arrayPtr(reinterpret_cast<const capnp::word*>(bytes.begin()),
                      bytes.size() / sizeof(capnp::word));
}

// An empty value (type 0) stands for "a crash came before there was one".
std::vector<Words> inputsOf(const Function& function, capnp::List<wire::Value>::Reader values) {
  KJ_REQUIRE(values.size() == function.inputs.size(), "another number of inputs than the manifest says");
  std::vector<Words> inputs;
  for (std::size_t i = 0; i < function.inputs.size(); ++i) {
    auto value = values[i];
    KJ_REQUIRE(value.getTypeId() == 0 || value.getTypeId() == function.inputs[i].getProto().getId(),
               "an input of another type than the manifest says", i, value.getTypeName());
    inputs.push_back(wordsOf(value));
  }
  return inputs;
}

Error exceptionError(std::string_view what) {
  return {.kind = ErrorKind::Internal,
          .code = "plugin-exception",
          .message = "the plugin's code threw an exception: " + std::string(what),
          .hint = "this is a bug in the plugin: report it to its author"};
}

// Runs on a worker's thread; nothing an author does gets past it.
template <typename F>
auto guarded(F function) -> Result<decltype(function())> {
  try {
    return function();
  } catch (const kj::Exception& exception) {
    return exceptionError(kj::str(exception).cStr());
  } catch (const std::exception& exception) {
    return exceptionError(exception.what());
  } catch (...) {
    return exceptionError("of unknown type");
  }
}

}  // namespace

struct PluginServer::Request {
  Words settings;
  std::vector<Words> inputs;
  UnknownSettings unknown;
  wire::CallContext::Reader context;
};

// What came of a call, with all that its author's thread used.
struct PluginServer::Finished {
  Request request;
  kj::Own<HostSide> host;
  std::shared_ptr<CallChannel> channel;
  Answer answer;
  std::vector<Error> errors;

  void work(const Function& function) {
    Call call(channel);
    Invocation invocation{&call, request.settings, request.inputs, &request.unknown};
    if (function.check) {
      auto checked = guarded([&] { return function.check(invocation); });
      if (checked)
        errors = std::move(checked).value();
      else
        errors.push_back(std::move(checked).error());
    } else {
      auto answered = guarded([&] { return function.run(invocation); });
      if (answered && *answered)
        answer = std::move(*answered).value();
      else
        errors.push_back(answered ? std::move(*answered).error() : std::move(answered).error());
    }
    std::fflush(stdout);  // before the answer, so that the host has it as part of this call
  }
};

PluginServer::PluginServer(const Plugin::Definition& definition, std::filesystem::path bundleDir,
                           WorkerPool& workers)
    : definition_(definition), bundleDir_(std::move(bundleDir)), workers_(workers) {}

void PluginServer::cancelAll() {
  for (auto& [id, channel] : calls_) channel->cancel();
}

const BuiltManifest& PluginServer::built() {
  if (!manifest_) manifest_.emplace(definition_);
  return *manifest_;
}

kj::Promise<void> PluginServer::hello(HelloContext context) {
  auto& digest = built().digest();
  auto info = context.getResults().initPlugin();
  info.setName(definition_.name);
  info.setVersion(definition_.version);
  info.setSdk(kSdkName);
  info.initProtocolMajors(1).set(0, wire::PROTOCOL_MAJOR);
  info.setManifestDigest(kj::arrayPtr(digest.data(), digest.size()));
  return kj::READY_NOW;
}

kj::Promise<void> PluginServer::manifest(ManifestContext context) {
  context.getResults().setManifest(built().reader());
  return kj::READY_NOW;
}

kj::Promise<void> PluginServer::check(CheckContext context) {
  auto params = context.getParams();
  auto ref = params.getComponent();
  auto component = definition_.find(ref.getKind(), toString(ref.getName()));
  if (component == nullptr) KJ_UNIMPLEMENTED("the plugin has no such component", ref);
  if (!component->check) return kj::READY_NOW;

  Request request{wordsOf(params.getSettings()), {}, {}, params.getCall()};
  for (auto path : params.getUnknown()) request.unknown.paths.push_back(toString(path));
  return invoke(*component->check, kj::mv(request)).then([this, context](kj::Own<Finished> finished) mutable {
    auto diagnostics = context.getResults().initDiagnostics(finished->errors.size());
    for (std::size_t i = 0; i < finished->errors.size(); ++i) {
      writeDiagnostic(finished->errors[i], definition_.name, diagnostics[i]);
    }
  });
}

kj::Promise<void> PluginServer::run(RunContext context) {
  auto params = context.getParams();
  auto ref = params.getComponent();
  auto component = definition_.find(ref.getKind(), toString(ref.getName()));
  auto function = component == nullptr ? nullptr : component->find(params.getOperation());
  if (function == nullptr) KJ_UNIMPLEMENTED("the plugin has no such operation", ref, params.getOperation());
  return answer(
      *function,
      {wordsOf(params.getSettings()), inputsOf(*function, params.getInputs()), {}, params.getCall()},
      [context]() mutable { return context.getResults().initOutcome(); });
}

kj::Promise<void> PluginServer::map(MapContext context) {
  auto params = context.getParams();
  auto mapper = definition_.findMapper(toString(params.getMapper()));
  if (mapper == nullptr) KJ_UNIMPLEMENTED("the plugin has no such mapper", params.getMapper());
  auto& function = mapper->function;
  return answer(function,
                {wordsOf(params.getSettings()), inputsOf(function, params.getInputs()), {}, params.getCall()},
                [context]() mutable { return context.getResults().initOutcome(); });
}

kj::Promise<void> PluginServer::cancel(CancelContext context) {
  auto [begin, end] = calls_.equal_range(context.getParams().getCallId());
  for (auto call = begin; call != end; ++call) call->second->cancel();
  return kj::READY_NOW;
}

kj::Promise<kj::Own<PluginServer::Finished>> PluginServer::invoke(const Function& function, Request request) {
  auto finished = kj::heap<Finished>();
  auto callId = request.context.getCallId();
  finished->host = kj::heap<HostSide>(request.context);
  finished->channel = std::make_shared<CallChannel>(request.context, bundleDir_, *finished->host,
                                                    kj::getCurrentThreadExecutor());
  finished->request = kj::mv(request);
  auto place = calls_.emplace(callId, finished->channel.get());

  auto done = kj::newPromiseAndCrossThreadFulfiller<void>();
  workers_.run([&function, work = finished.get(), fulfiller = kj::mv(done.fulfiller)]() mutable {
    work->work(function);
    fulfiller->fulfill();
  });
  return done.promise
      .then([&work = *finished] {
        work.host->endSteps(work.errors.empty());
        return work.host->finish();
      })
      .catch_([](kj::Exception&&) {})  // the host is gone: nobody waits for the rest of the output
      .then([this, place, finished = kj::mv(finished)]() mutable {
        finished->channel->revoke();
        calls_.erase(place);
        return kj::mv(finished);
      });
}

kj::Promise<void> PluginServer::answer(const Function& function, Request request,
                                       kj::Function<wire::Outcome::Builder()> initOutcome) {
  return invoke(function, kj::mv(request))
      .then([this, &function, initOutcome = kj::mv(initOutcome)](kj::Own<Finished> finished) mutable {
        fill(function, *finished, initOutcome());
      });
}

void PluginServer::fill(const Function& function, const Finished& finished, wire::Outcome::Builder outcome) {
  auto diagnostics = outcome.initDiagnostics(finished.errors.size());
  for (std::size_t i = 0; i < finished.errors.size(); ++i) {
    writeDiagnostic(finished.errors[i], definition_.name, diagnostics[i]);
  }
  if (!finished.errors.empty()) {
    if (finished.errors.front().kind == ErrorKind::Refused)
      outcome.setRefused();
    else
      outcome.setFailed();
    return;
  }
  auto value = outcome.initOk();
  if (!function.output) return;
  built().describe(*function.output, value);
  auto& words = finished.answer.words;
  value.setContent(
      kj::arrayPtr(reinterpret_cast<const kj::byte*>(words.data()), words.size() * sizeof words[0]));
}

}  // namespace cairn::detail
