#include "host/pipeline/recorded_call.h"

#include <cairn/dynamic/enum_name.h>
#include <host/broker/digest.h>
#include <host/pipeline/given_values.h>
#include <host/pipeline/plugin_set.h>
#include <host/pipeline/type_graph.h>

#include <cstring>

namespace cairn::host {
namespace {

const char* nameOf(wire::Manifest::Operation::Name operation) {
  return enumName(operation).data();
}

std::string nameOf(wire::Record::Reader record) {
  const std::string app = record.getApp();
  const std::string number = std::to_string(record.getSequence());
  if (record.getKind() == wire::RecordKind::DEPLOYMENT) return app + " v" + number;
  return std::string(enumName(record.getKind())) + " " + number + " of " + app;
}

// What is not as it was written is read by nothing: a schema leads to whatever its bytes say.
Error damaged(const std::string& name, std::string detail) {
  return Error{ErrorKind::Failed, "store-corrupt", "what " + name + " was recorded with is damaged",
               "put a backup of the store in its place", std::move(detail)};
}

Result<Value> givenValue(wire::Record::Reader record, std::uint64_t type) {
  switch (givenOf(type)) {
    case wire::Given::SOURCE_TREE:
      return sourceTreeValue("", "", record.getGit());
    case wire::Given::LABELS:
      return labelsValue(record.getLabels());
    case wire::Given::DEPLOYMENT_CONFIG:
      break;
  }
  const bool isDeployment = record.getKind() == wire::RecordKind::DEPLOYMENT;
  DeploymentFacts facts{isDeployment ? record.getId() : record.getParent(),
                        isDeployment ? record.getSequence() : 0};
  return deploymentConfigValue(record.getProject(), record.getApp(), record.getWorkspace(), facts);
}

Result<std::vector<Value>> inputsFor(wire::Record::Reader record, wire::Manifest::Operation::Reader operation,
                                     const LocatedPlugin& plugin) {
  std::vector<Value> inputs;
  for (auto input : operation.getInputs()) {
    if (isGiven(input.getType())) {
      inputs.push_back(CAIRN_TRY(givenValue(record, input.getType())));
      continue;
    }
    Value value = CAIRN_TRY(recordedValue(record, record.getValue(), nullptr));
    if (!value.empty() && value.typeId != input.getType()) {
      return Error{ErrorKind::Failed,
                   "type-changed",
                   nameOf(record) + " is a " + value.typeName + ", which version " +
                       std::string(plugin.manifest->reader().getVersion()) + " of the plugin \"" +
                       plugin.bundle.name + "\" no longer takes",
                   "use version " + std::string(record.getPlugin().getVersion()) + " of it, with [plugins." +
                       plugin.bundle.name + "] and its path",
                   {}};
    }
    value.typeId = input.getType();
    inputs.push_back(std::move(value));
  }
  return inputs;
}

}  // namespace

kj::Promise<Result<LocatedPlugin>> locateRecorded(Broker& broker, const PluginCatalog& catalog,
                                                  wire::Record::Plugin::Reader recorded) {
  const std::string name = recorded.getName();
  auto bundle = catalog.locate(name);
  if (!bundle) bundle = openBundle(name, recorded.getPath().cStr());
  if (!bundle) {
    return Result<LocatedPlugin>(
        Error{ErrorKind::NotFound,
              "plugin-unknown",
              "this was made by the plugin \"" + name + "\" " + std::string(recorded.getVersion()) +
                  ", which is no longer here (it was at " + std::string(recorded.getPath()) + ")",
              "install it again, or name its path in [plugins." + name + "]",
              {}});
  }
  return broker.inspect(std::move(*bundle));
}

Result<CallAnswer> callRecorded(kj::WaitScope& wait, PipelineContext& context, const Emitter& emitter,
                                const LocatedPlugin& plugin, wire::Record::Reader record,
                                wire::Manifest::Operation::Name operation, RecordedCallExtras extras) {
  Invocation invocation;
  invocation.kind = record.getComponent().getKind();
  invocation.component = record.getComponent().getName();
  invocation.operation = operation;
  auto component = plugin.manifest->component(invocation.kind, invocation.component);
  kj::Maybe<wire::Manifest::Operation::Reader> found;
  KJ_IF_MAYBE (known, component) found = operationOf(*known, operation);
  KJ_IF_MAYBE (offered, found) {
    invocation.inputs = CAIRN_TRY(inputsFor(record, *offered, plugin));
  } else {
    return Error{ErrorKind::NotFound,
                 "no-operation",
                 "the " + std::string(kindName(invocation.kind)) + " \"" + invocation.component +
                     "\" of the plugin \"" + plugin.bundle.name + "\" has no " + nameOf(operation),
                 {},
                 {}};
  }
  invocation.settings = CAIRN_TRY(recordedValue(record, record.getConfig(), nullptr));

  JournalHost host(context, emitter,
                   {record.getId(),
                    record.getKind() == wire::RecordKind::RELEASE,
                    {record.getProject(), record.getApp(), record.getWorkspace()},
                    identityOf(plugin)});
  CallScope scope;
  scope.title = std::string(nameOf(operation)) + " of " + nameOf(record);
  scope.arguments = std::move(extras.arguments);
  scope.columns = extras.columns;
  scope.rows = extras.rows;
  scope.term = std::move(extras.term);
  KJ_IF_MAYBE (resized, extras.resized) host.setResized(kj::mv(*resized));
  scope.follow = extras.follow;
  scope.tail = extras.tail;
  scope.sinceUnixMs = extras.sinceUnixMs;
  KJ_IF_MAYBE (input, extras.input) {
    scope.hasInput = true;
    host.setInput(*input);
  }
  CallLimits limits;
  limits.cancel = context.whenCancelled();
  KJ_IF_MAYBE (stop, extras.stop) limits.cancel = context.whenCancelled().exclusiveJoin(kj::mv(*stop));
  // A destroy also cleans up after Ctrl-C: that one must not be cancelled by it. A second Ctrl-C ends the
  // program.
  if (operation == wire::Manifest::Operation::Name::DESTROY && *context.cancelled) {
    limits.cancel = nullptr;
    host.goOnWhenCancelled();
  }
  KJ_IF_MAYBE (deadline, extras.deadline) limits.deadline = *deadline;
  return context.broker.run(plugin, std::move(invocation), host, std::move(scope), kj::mv(limits)).wait(wait);
}

Result<void> destroyRecorded(kj::WaitScope& wait, PipelineContext& context, const Emitter& emitter,
                             const LocatedPlugin& plugin, wire::Record::Reader record) {
  RecordedCallExtras extras;
  extras.deadline = 10 * 60 * kj::SECONDS;
  auto answer = callRecorded(wait, context, emitter, plugin, record, wire::Manifest::Operation::Name::DESTROY,
                             kj::mv(extras));
  if (!answer) return std::move(answer).error();
  return {};
}

bool mayHaveMade(wire::Record::Reader record, bool hasResources) {
  return hasResources || (record.hasValue() && record.getValue().getTypeId() != 0);
}

kj::Promise<Result<std::shared_ptr<const Manifest>>> recordedSchemas(Store& store,
                                                                     wire::Record::Reader record) {
  using Answer = Result<std::shared_ptr<const Manifest>>;
  const auto digest = record.getSchema().asChars();
  return store.schema(record.getSchema())
      .then([digest = std::string(digest.begin(), digest.size()),
             name = nameOf(record)](Result<std::optional<kj::Array<kj::byte>>> bytes) -> Answer {
        if (!bytes) return std::move(bytes).error();
        if (*bytes && digestOf({(*bytes)->asChars().begin(), (*bytes)->size()}) != digest)
          return damaged(name, "its schemas are not those that were written");
        if (!*bytes || (*bytes)->size() % 8 != 0) return std::shared_ptr<const Manifest>();
        std::vector<std::uint64_t> words((*bytes)->size() / 8);
        std::memcpy(words.data(), (*bytes)->begin(), (*bytes)->size());
        return Manifest::fromWords(std::move(words));
      });
}

Result<Value> recordedValue(wire::Record::Reader record, wire::Value::Reader value, const Manifest* schemas) {
  auto read = readValue(value);
  Result<void> checked = read ? Result<void>() : Result<void>(read.error());
  if (read && !read->empty() && schemas != nullptr) {
    if (auto schema = schemas->schemas().get(read->typeId)) checked = checkValue(*read, *schema);
  }
  if (!checked) return damaged(nameOf(record), checked.error().message);
  return read;
}

}  // namespace cairn::host
